"""The page's way to the archive list: reads only, a few sessions at a time, none kept.

A session of its own for each question costs milliseconds on the host's own server, belongs to one
thread, and a restarted server is met by the next question as if nothing had happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore
from typing import BinaryIO

from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive import archive_list, spreadsheet
from scripts.archive.find import lookup, query
from scripts.archive.find.query import Search, Totals
from scripts.archive.settings import Database

QUESTION_SECONDS = 30
FILE_SECONDS = 900
Write = Callable[[Path, tuple[str, ...], Iterator[lookup.Row]], int]


@dataclass(frozen=True)
class Reader:
    """Asks the archive list, for all visitors of the page."""

    database: Database
    questions: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(8))
    files: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(2))

    def totals(self, search: Search) -> Totals:
        """How much there is."""
        with self.questions, self._session(QUESTION_SECONDS) as connection:
            return lookup.totals(connection, search)

    def page(
        self, search: Search, found: Totals | None, size: int, number: int
    ) -> list[lookup.Row]:
        """The rows of one page."""
        with self.questions, self._session(QUESTION_SECONDS) as connection:
            return lookup.page(connection, search, found, size=size, number=number)

    def csv(self, search: Search) -> BinaryIO:
        """All rows as a CSV file, open for reading and without a name."""
        return self._file(search, spreadsheet.write_csv)

    def xlsx(self, search: Search) -> BinaryIO:
        """All rows as an Excel file, open for reading and without a name."""
        return self._file(search, spreadsheet.write_xlsx)

    def _file(self, search: Search, write: Write) -> BinaryIO:
        with (
            self.files,
            self._session(FILE_SECONDS) as connection,
            TemporaryDirectory(prefix="archive-page-", ignore_cleanup_errors=True) as folder,
        ):
            path = Path(folder) / "all"
            write(path, query.COLUMNS, lookup.everything(connection, search))
            return path.open("rb")

    @contextmanager
    def _session(self, seconds: int) -> Iterator[Connection]:
        connection = archive_list.connect(self.database, application="archive page")
        try:
            connection.set_session(readonly=True)
            with connection, connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = %s", (f"{seconds}s",))
            yield connection
        finally:
            connection.close()
