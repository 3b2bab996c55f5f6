"""Rows of an archive list, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive import archive_list, settings
from scripts.archive.archive_list import Entry
from tests.conftest import Database

BUCKET = "archive-bucket"


def entry(
    key: str,
    *,
    at: datetime = datetime(2026, 4, 1, tzinfo=UTC),
    request_id: str = "REQ-1",
    requester: str | None = "田中太郎",
    comment: str | None = None,
    size: int = 10,
    version_id: str = "v1",
    etag: str = '"e"',
) -> Entry:
    """One row; what doesn't matter has some value."""
    return Entry(
        bucket=BUCKET,
        key=key,
        archived_at=at,
        request_id=request_id,
        comment=comment,
        requester=requester,
        size=size,
        sha256="c2hhMjU2",
        part_size=None,
        etag=etag,
        version_id=version_id,
        modified=datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC),
        marker=f"{key.rpartition('/')[2]}_archived.txt",
    )


def environ(database: Database) -> dict[str, str]:
    """Variables that lead a command to a test's database."""
    return {**database.settings(), "DB_USERNAME": "postgres"}


@contextmanager
def listed(database: Database, *entries: Entry) -> Iterator[Connection]:
    """A session on an archive list that holds these rows."""
    connection = archive_list.connect(settings.load_database(environ(database)))
    try:
        archive_list.create(connection)
        archive_list.record(connection, entries)
        yield connection
    finally:
        connection.close()
