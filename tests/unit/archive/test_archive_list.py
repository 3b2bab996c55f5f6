"""The archive list: one row a version, the newest counts, keys in the order of their bytes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive import archive_list
from scripts.archive.archive_list import Entry
from tests.conftest import Database

NOON = datetime(2023, 10, 5, 12, 0, 0, 123456, tzinfo=UTC)


def entry(key: str, version: str = "v1") -> Entry:
    """A row of a file in the bucket `b`."""
    return Entry(
        bucket="b", key=f"s/share/{key}", archived_at=NOON, request_id="R-1", comment="備考",
        requester=None, size=5 * 1024**4, sha256="c2hh", part_size=None, etag="e",
        version_id=version, modified=NOON, marker=None,
    )  # fmt: skip


def shown(found: Entry) -> Entry:
    """With its times in UTC."""
    return replace(found, modified=found.modified.astimezone(UTC))


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    with closing(database.server.connect(database.name)) as opened:
        archive_list.create(opened)
        yield opened


def test_it_is_created_once_however_many_try(database: Database) -> None:
    def create(_: int) -> None:
        with closing(database.server.connect(database.name)) as opened:
            archive_list.create(opened)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(create, range(6)))

    assert database.query("SELECT count(*) FROM archive_list") == [(0,)]


def test_what_is_recorded_twice_is_there_once(connection: Connection, database: Database) -> None:
    archive_list.record(connection, [entry("a")])
    archive_list.record(connection, [entry("a"), entry("b")])

    assert database.query("SELECT count(*) FROM archive_list") == [(2,)]
    columns = (
        'SELECT "ディレクトリパス", "アーカイブファイル名" FROM archive_list ORDER BY id LIMIT 1'
    )
    assert database.query(columns) == [(r"\\s\share", "a")]


def test_the_newest_version_of_each_key_counts(connection: Connection) -> None:
    archive_list.record(connection, [entry("a", "v1"), entry("b", "v9"), entry("a", "v0")])
    wanted = [entry("a").key, entry("b").key, entry("none").key]

    found = archive_list.newest(connection, "b", wanted)

    assert {key: shown(value) for key, value in found.items()} == {
        entry("a").key: entry("a", "v0"),
        entry("b").key: entry("b", "v9"),
    }
    assert archive_list.newest(connection, "other", wanted) == {}
    assert archive_list.newest(connection, "b", []) == {}


def test_markers_are_told_from_files_of_that_name(connection: Connection) -> None:
    archive_list.record(
        connection,
        [
            replace(entry("d/a.txt"), marker="a.txt_archived.txt"),
            entry("d/b.txt"),
            replace(entry("e/c.txt"), marker="c.txt.done"),
        ],
    )
    candidates = [
        "s/share/d/a.txt_archived.txt",
        "s/share/d/b.txt_archived.txt",
        "s/share/e/a.txt_archived.txt",
        "s/share/e/c.txt.done",
    ]

    assert archive_list.markers(connection, "b", candidates) == {candidates[0], candidates[3]}
    assert archive_list.markers(connection, "other", candidates) == set()
