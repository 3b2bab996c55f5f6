"""What a list selects from the archive list: kept on disk, however long the list is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_PAGE = 1000
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE row (line INTEGER PRIMARY KEY, written TEXT NOT NULL);
CREATE TABLE problem (
    line INTEGER PRIMARY KEY, code TEXT NOT NULL, reason TEXT NOT NULL, remedy TEXT NOT NULL
);
CREATE TABLE item (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
    size INTEGER NOT NULL, sha256 TEXT NOT NULL, part_size INTEGER, etag TEXT NOT NULL,
    archived_at TEXT NOT NULL, modified TEXT NOT NULL
);
CREATE INDEX item_key ON item (key);
CREATE INDEX item_name ON item (name, number);
CREATE TABLE selects (
    line INTEGER NOT NULL, item INTEGER NOT NULL, PRIMARY KEY (line, item)
) WITHOUT ROWID;
CREATE TABLE outcome (item INTEGER PRIMARY KEY, status TEXT NOT NULL, detail TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Item:
    """One archived object that a list selects.

    Args:
        number: its id in the archive list.
        sha256: as S3 gives it: base64, followed by `-N` where there were N parts.
        part_size: bytes of each part but the last; None where it was sent whole.
        archived_at: in UTC.
        modified: when the original was last changed, in UTC.
    """

    number: int
    key: str
    name: str
    version: str
    size: int
    sha256: str
    part_size: int | None
    etag: str
    archived_at: datetime
    modified: datetime


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that selects nothing.

    Args:
        written: the path as the list has it.
        code: short and English, for the error log.
    """

    line: int
    written: str
    code: str
    reason: str
    remedy: str

    @property
    def message(self) -> str:
        """Where in the list it is, why, and what to do."""
        return f"{self.line} 行目: {self.reason}。{self.remedy}"


class Selection:
    """The rows of a list, the objects they select, and what became of each object."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add_row(self, line: int, written: str) -> None:
        """Note a row of the list."""
        self._connection.execute("INSERT INTO row VALUES (?, ?)", (line, written))

    def add_problem(self, line: int, code: str, reason: str, remedy: str) -> None:
        """Note why a row selects nothing."""
        self._connection.execute(
            "INSERT OR IGNORE INTO problem VALUES (?, ?, ?, ?)", (line, code, reason, remedy)
        )

    def add_items(self, pairs: Iterable[tuple[int, Item]]) -> None:
        """Note which lines select which objects; an object counts once."""
        for line, item in pairs:
            self._connection.execute(
                "INSERT OR IGNORE INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    item.number, item.key, item.name, item.version, item.size, item.sha256,
                    item.part_size, item.etag, item.archived_at.isoformat(),
                    item.modified.isoformat(),
                ),
            )  # fmt: skip
            self._connection.execute(
                "INSERT OR IGNORE INTO selects VALUES (?, ?)", (line, item.number)
            )

    def replace(self, item: Item, other: Item) -> None:
        """Select another version of an object wherever one was selected; nothing is noted of it."""
        lines = self._connection.execute(
            "SELECT line FROM selects WHERE item = ?", (item.number,)
        ).fetchall()
        for table, column in (("selects", "item"), ("outcome", "item"), ("item", "number")):
            self._connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (item.number,))  # noqa: S608
        self.add_items((line, other) for (line,) in lines)

    def lost(self) -> Iterator[tuple[int, str]]:
        """Line and path of the rows that neither select anything nor have a problem yet."""
        yield from self._connection.execute(
            "SELECT line, written FROM row WHERE line NOT IN (SELECT line FROM problem)"
            " AND line NOT IN (SELECT line FROM selects) ORDER BY line"
        ).fetchall()

    def problems(self, most: int = -1) -> Iterator[Problem]:
        """The rows that select nothing, in the order of the list, all or the first ones."""
        for values in self._connection.execute(
            "SELECT line, written, code, reason, remedy FROM problem JOIN row USING (line)"
            " ORDER BY line LIMIT ?",
            (most,),
        ):
            yield Problem(*values)

    def items(self, status: str | None = None) -> Iterator[Item]:
        """The objects by key; only those that have come to a status, if one is given.

        Objects may be noted while this is read.
        """
        after = ""
        while page := self._page("key > ?", "key", (after,), status):
            yield from page
            after = page[-1].key

    def items_by_name(self, status: str) -> Iterator[Item]:
        """The objects of a status; those of one name follow each other, always in one order."""
        after = ("", -1)
        while page := self._page("(name, number) > (?, ?)", "name, number", after, status):
            yield from page
            after = (page[-1].name, page[-1].number)

    def note(self, item: int, status: str, detail: str = "") -> None:
        """Say what became of an object; what was said before is replaced."""
        self._connection.execute(
            "INSERT OR REPLACE INTO outcome VALUES (?, ?, ?)", (item, status, detail)
        )

    def noted(self) -> Iterator[tuple[Item, str, str]]:
        """Each object by key with its status and detail; both are empty where none was noted."""
        after = ""
        while rows := self._connection.execute(
            "SELECT item.*, coalesce(status, ''), coalesce(detail, '') FROM item"
            " LEFT JOIN outcome ON item = number WHERE key > ? ORDER BY key LIMIT ?",
            (after, _PAGE),
        ).fetchall():
            for row in rows:
                yield _item(row[:-2]), row[-2], row[-1]
            after = rows[-1][1]

    def results(self) -> Iterator[tuple[int, str, str | None, str, str]]:
        """Each row with each of its objects: line, path as written, key, status, detail."""
        yield from self._connection.execute(
            "SELECT line, written, key, coalesce(status, code, ''), coalesce(detail, reason, '')"
            " FROM row LEFT JOIN selects USING (line) LEFT JOIN item ON number = selects.item"
            " LEFT JOIN outcome ON outcome.item = number LEFT JOIN problem USING (line)"
            " ORDER BY line, key"
        )

    def counts(self) -> dict[str, int]:
        """How many objects came to each status; those without one under the empty text."""
        return dict(
            self._connection.execute(
                "SELECT coalesce(status, ''), count(*) FROM item LEFT JOIN outcome ON item = number"
                " GROUP BY 1"
            )
        )

    def size(self) -> tuple[int, int]:
        """How many objects, and their bytes."""
        count, size = self._connection.execute(
            "SELECT count(*), coalesce(sum(size), 0) FROM item"
        ).fetchone()
        return count, size

    def bytes_of(self, status: str) -> int:
        """The bytes of all objects of a status."""
        row = self._connection.execute(
            "SELECT coalesce(sum(size), 0) FROM item JOIN outcome ON item = number"
            " WHERE status = ?",
            (status,),
        ).fetchone()
        return int(row[0])

    def problem_count(self) -> int:
        """How many rows select nothing."""
        return int(self._connection.execute("SELECT count(*) FROM problem").fetchone()[0])

    def item(self, key: str) -> Item | None:
        """The object that has a key."""
        row = self._connection.execute("SELECT * FROM item WHERE key = ?", (key,)).fetchone()
        return _item(row) if row else None

    def _page(
        self, after: str, order: str, values: tuple[object, ...], status: str | None
    ) -> list[Item]:
        condition = "" if status is None else " AND status = ?"
        given = () if status is None else (status,)
        statement = (
            "SELECT item.* FROM item LEFT JOIN outcome ON item = number"  # noqa: S608
            f" WHERE {after}{condition} ORDER BY {order} LIMIT {_PAGE}"
        )
        return [_item(row) for row in self._connection.execute(statement, (*values, *given))]


@contextmanager
def empty() -> Iterator[Selection]:
    """An empty selection, which is gone after the block."""
    with TemporaryDirectory(prefix="archive-") as folder:
        connection = sqlite3.connect(Path(folder) / "selection.sqlite", isolation_level=None)
        try:
            connection.executescript(_SCHEMA)
            connection.execute("BEGIN")  # one transaction that nobody needs to commit
            yield Selection(connection)
        finally:
            connection.close()


def _item(row: tuple[Any, ...]) -> Item:
    values = [*row[:-2], *map(datetime.fromisoformat, row[-2:])]
    return Item(*values)
