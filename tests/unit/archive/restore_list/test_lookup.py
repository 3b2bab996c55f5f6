"""Looking a long list up: memory stays flat, and every row is accounted for."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from scripts.archive import archive_list
from scripts.archive.lists import Row
from scripts.archive.restore_list import lookup, selection
from scripts.archive.settings import Database as Address
from scripts.archive.shares import Shares
from scripts.local_estate import postgres
from tests.conftest import Database

SHARES = Shares({"fsx/share": Path("/mnt")})
ROWS = 20_000
_FILL = """
INSERT INTO archive_list ("ディレクトリパス", "アーカイブファイル名", "S3バケット名", "S3キー",
                          "サイズ", "SHA256", "ETag", "バージョンID", "更新日時")
SELECT '\\\\fsx\\share\\d', n || '.txt', 'b', 'fsx/share/d' || n %% 9 || '/' || n || '.txt', 1,
       'x', 'e', 'v', now()
FROM generate_series(1, %s) n
"""


@pytest.fixture
def connection(database: Database) -> Iterator[Any]:
    """A session with an archive list of as many files as there are rows."""
    address = Address(
        postgres.HOST,
        database.server.port,
        database.name,
        "postgres",
        database.server.password,
        "disable",
    )
    with closing(archive_list.connect(address)) as opened:
        archive_list.create(opened)
        database.query(_FILL, ROWS)
        yield opened


def test_a_long_list_takes_no_memory_and_no_row_is_lost(
    connection: Any,
) -> None:
    rows = (Row(line, rf"\\fsx\share\d{line % 9}", f"{line}.txt") for line in range(2, ROWS + 1002))
    tracemalloc.start()
    with selection.empty() as chosen:
        lookup.select(connection, "b", SHARES, rows, chosen)
        count = sum(1 for _ in chosen.items())

        assert count == ROWS - 1
        assert chosen.problem_count() == 1001
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 8 * 1024**2


def test_overlapping_rows_select_each_object_once_and_each_row_keeps_its_own(
    connection: Any,
) -> None:
    rows = [Row(1, r"\\fsx\share"), Row(2, r"\\FSX\share\d1"), Row(3, r"\\fsx\share\d1", "1.txt")]

    with selection.empty() as chosen:
        lookup.select(connection, "b", SHARES, rows, chosen)

        assert chosen.size() == (ROWS, ROWS)
        lines = [line for line, *_ in chosen.results()]
    assert (lines.count(1), lines.count(3)) == (ROWS, 1)
    assert lines.count(2) > 2000
