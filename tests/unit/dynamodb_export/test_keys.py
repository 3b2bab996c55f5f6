"""Where things lie in the bucket."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynamodb_export import keys
from dynamodb_export.settings import Format

DAY = date(2026, 7, 5)
TABLES = st.from_regex(r"[A-Za-z0-9_.-]{3,30}", fullmatch=True)


@pytest.mark.parametrize(
    ("written", "gzip", "name"),
    [
        (Format.ARRAY, False, "t-1.json"),
        (Format.ARRAY, True, "t-1.json.gz"),
        (Format.LINES, False, "t-1.jsonl"),
        (Format.LINES, True, "t-1.jsonl.gz"),
    ],
)
def test_the_object_of_a_scan(written: Format, gzip: bool, name: str) -> None:
    key = keys.scan_object("t-1", DAY, written, gzip=gzip)
    assert key == f"raw/internal/dynamodb-exports/dt=2026-07-05/{name}"
    found = keys.exported(key)
    assert found == keys.Exported(DAY, "t-1", name, scan=True)
    assert keys.partitioned(found) == (
        f"raw/internal/dynamodb-exports/year=2026/month=07/day=05/t-1/{name}"
    )


def test_what_a_native_export_writes_keeps_its_structure() -> None:
    key = f"{keys.native_prefix('t-1', DAY)}/AWSDynamoDB/0178/data/x.json.gz"
    assert key == (
        "raw/internal/dynamodb-exports/dt=2026-07-05/t-1/AWSDynamoDB/0178/data/x.json.gz"
    )
    found = keys.exported(key)
    assert found == keys.Exported(DAY, "t-1", "AWSDynamoDB/0178/data/x.json.gz", scan=False)
    assert keys.partitioned(found) == (
        "raw/internal/dynamodb-exports/year=2026/month=07/day=05/t-1/"
        "AWSDynamoDB/0178/data/x.json.gz"
    )


@given(st.sets(TABLES, min_size=2, max_size=5), st.sampled_from(Format), st.booleans())
def test_no_two_tables_meet(tables: set[str], written: Format, gzip: bool) -> None:
    objects = {keys.scan_object(table, DAY, written, gzip=gzip) for table in tables}
    assert len(objects) == len(tables)
    moved = {keys.partitioned(found) for key in objects if (found := keys.exported(key))}
    assert len(moved) == len(tables)


@pytest.mark.parametrize(
    "key",
    [
        "raw/internal/dynamodb-exports/year=2026/month=07/day=05/t-1/t-1.json",
        "raw/internal/dynamodb-exports/dt=2026-13-05/t-1.json",
        "raw/internal/dynamodb-exports/dt=2026-07-05/t-1.txt",
        "raw/internal/dynamodb-exports/dt=2026-07-05/",
        "state/dynamodb-export/native/t-1.json",
    ],
)
def test_what_is_no_export_that_waits_is_left_alone(key: str) -> None:
    assert keys.exported(key) is None


def test_what_comes_from_outside_never_leaves_its_folder() -> None:
    assert keys.scan_state("t-1", "../../x") == "state/dynamodb-export/scans/t-1/..%2F..%2Fx.json"
    assert "/" not in keys.scan_draft("t-1", "a/b", "c/d").removeprefix(
        "state/dynamodb-export/scans/t-1/"
    )
