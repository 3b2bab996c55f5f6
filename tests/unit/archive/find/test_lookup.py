"""Searches find what people mean, and only that."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive.find import lookup
from scripts.archive.find.query import COLUMNS, Search, part
from tests.conftest import Database
from tests.unit.archive.entries import entry, listed

KEYS = (
    "fsx-server-name/share/営業部/2023年度/見積書①.xlsx",
    "fsx-server-name/share/営業部/2024年度/Report_100%.PDF",
    "fsx-server-name/share/Report/メモ.txt",
    "fsx-server-name/share/設計/ﾊﾟｰﾂ表 ＡＢＣ.csv",
    "fsx-server-name/share/設計/" + unicodedata.normalize("NFD", "パーツ図.dwg"),
    "fsx-server-name/share/設計/a_b\\c.txt",
)


def found(connection: Connection, search: Search) -> set[str]:
    """Keys of everything that a search finds, three ways."""
    totals = lookup.totals(connection, search)
    page = lookup.page(connection, search, totals, size=1000)
    assert totals.count == len(page)
    assert list(lookup.everything(connection, search)) == page
    return {row[COLUMNS.index("S3キー")] for row in page}


@contextmanager
def samples(database: Database) -> Iterator[Connection]:
    with listed(database, *map(entry, KEYS)) as connection:
        yield connection


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("見積", {0}),
        ("REPORT", {1, 2}),
        ("ｒｅｐｏｒｔ", {1, 2}),
        ("パーツ", {3, 4}),
        ("ﾊﾟｰﾂ", {3, 4}),
        (unicodedata.normalize("NFD", "パーツ"), {3, 4}),
        ("abc", {3}),
        ("見積書1", {0}),
        (r"\\fsx-server-name\share\営業部", {0, 1}),
        ("//FSX-SERVER-NAME/share/営業部/2023", {0}),
        ("￥営業部￥2023年度", {0}),
        ('"\\\\fsx-server-name\\share\\Report\\メモ.txt"', {2}),
        ("100%", {1}),
        ("%", {1}),
        ("a_b", {5}),
        ("'", set()),
        ("存在しない", set()),
        (None, {0, 1, 2, 3, 4, 5}),
    ],
)
def test_part_of_a_path_is_found_however_it_is_typed(
    database: Database, typed: str | None, places: set[int]
) -> None:
    with samples(database) as connection:
        assert found(connection, Search(path=part(typed))) == {KEYS[place] for place in places}


def test_a_name_is_no_directory(database: Database) -> None:
    with samples(database) as connection:
        assert found(connection, Search(name="report")) == {KEYS[1]}


def test_a_request_id_is_meant_exactly(database: Database) -> None:
    rows = (entry("s/d/a", request_id="REQ-1"), entry("s/d/b", request_id="REQ-10"))
    with listed(database, *rows) as connection:
        assert found(connection, Search(request_id="REQ-1")) == {"s/d/a"}


def test_requesters_are_found_by_part_of_their_name(database: Database) -> None:
    rows = (
        entry("s/d/a", requester="田中太郎"),
        entry("s/d/b", requester="TANAKA_T"),
        entry("s/d/c", requester="佐藤"),
        entry("s/d/d", requester=None),
    )
    with listed(database, *rows) as connection:
        assert found(connection, Search(requester="田中")) == {"s/d/a"}
        assert found(connection, Search(requester="tanaka_")) == {"s/d/b"}
        assert found(connection, Search(requester="山本")) == set()


def test_days_are_days_in_tokyo(database: Database) -> None:
    def at(hour: int, minute: int) -> datetime:
        return datetime(2026, 3, 31, hour, minute, tzinfo=UTC)

    rows = (entry("s/d/before", at=at(14, 59)), entry("s/d/first", at=at(15, 0)))
    with listed(database, *rows) as connection:
        april = date(2026, 4, 1)
        assert found(connection, Search(first=april)) == {"s/d/first"}
        assert found(connection, Search(last=april - timedelta(days=1))) == {"s/d/before"}
        assert found(connection, Search(first=april, last=april)) == {"s/d/first"}


def test_conditions_hold_together(database: Database) -> None:
    with samples(database) as connection:
        search = Search(path="営業部", name="見積", request_id="REQ-1", requester="田中")
        assert found(connection, search) == {KEYS[0]}
        assert found(connection, Search(path="営業部", request_id="REQ-2")) == set()


def test_pages_give_every_row_once_and_the_newest_first(database: Database) -> None:
    start = datetime(2026, 4, 1, tzinfo=UTC)
    rows = [entry(f"s/d/{n}", at=start + timedelta(hours=n // 3)) for n in range(10)]
    with listed(database, *rows) as connection:
        search = Search(path="s")
        totals = lookup.totals(connection, search)
        pages = [
            lookup.page(connection, search, totals, size=4, number=number) for number in (1, 2, 3)
        ]
    assert [row[COLUMNS.index("S3キー")] for page in pages for row in page] == [
        f"s/d/{n}" for n in reversed(range(10))
    ]
    assert [len(page) for page in pages] == [4, 4, 2]


def test_totals_are_rows_and_bytes(database: Database) -> None:
    with listed(database, entry("s/d/a", size=2**40), entry("s/d/b", size=5)) as connection:
        totals = lookup.totals(connection, Search())
        none = lookup.totals(connection, Search(path="x"))
    assert (totals.count, totals.size) == (2, 2**40 + 5)
    assert (none.count, none.size) == (0, 0)


def test_a_restore_list_names_each_file_once(database: Database) -> None:
    rows = (entry("s/d/a", version_id="1"), entry("s/d/a", version_id="2"), entry("s/d/b"))
    with listed(database, *rows) as connection:
        assert list(lookup.restore_rows(connection, Search())) == [
            ("\\\\s\\d", "a"),
            ("\\\\s\\d", "b"),
        ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(typed=st.text("営aA%_\\/'\"¥ ", max_size=4))
def test_any_text_is_only_looked_for(database: Database, typed: str) -> None:
    def folded(text: str) -> str:
        return unicodedata.normalize("NFKC", text).lower().replace("/", "\\").replace("¥", "\\")

    wanted = part(typed)
    with samples(database) as connection:
        assert found(connection, Search(path=wanted)) == {
            key for key in KEYS if wanted is None or folded(wanted) in folded("\\\\" + key)
        }
