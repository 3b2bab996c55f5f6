"""Whatever is exported and wherever a run is killed: nothing is lost, the next run ends it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dynamodb_export import keys
from tests.unit.dynamodb_export.partition.shelf import Native, Shelf, partitioned

TABLES = st.sampled_from(["users", "a.json", "AWSDynamoDB", "x_-.y"])
DAYS = st.dates(date(2026, 2, 27), date(2026, 3, 1))
SCANS = st.dictionaries(st.tuples(TABLES, DAYS), st.binary(max_size=9), max_size=3)
NATIVES = st.lists(
    st.builds(
        Native,
        table=TABLES,
        id=st.sampled_from(["0177-a", "0177-b"]),
        incremental=st.booleans(),
        verified=st.booleans(),
        files=st.lists(st.binary(max_size=9), min_size=1, max_size=3).map(tuple),
        day=DAYS,
    ),
    max_size=2,
    unique_by=lambda export: (export.table, export.id),
)
ours = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@ours
@given(scans=SCANS, natives=NATIVES, call=st.integers(1, 80))
def test_after_a_kill_anywhere_the_next_run_ends_as_if_there_had_been_none(
    shelf: Shelf,
    scans: dict[tuple[str, date], bytes],
    natives: list[Native],
    call: int,
) -> None:
    shelf.empty()
    for (table, day), content in scans.items():
        shelf.scan(table, content, day)
    for export in natives:
        shelf.native(export)
    before = shelf.contents()
    waiting = [key for key in before if any(stays(key, export) for export in natives)]
    expected = {key if key in waiting else partitioned(key): before[key] for key in before}

    shelf.run_killed(call)
    there = shelf.contents()
    assert all(content in (there.get(key), there.get(partitioned(key)))
               for key, content in before.items())  # fmt: skip
    assert not [export.id for export in natives if is_told_too_early(export, there)]

    report = shelf.run()
    assert report.finished
    assert not report.troubles
    assert shelf.contents() == expected


def stays(key: str, export: Native) -> bool:
    """Whether an object is of an export that isn't verified."""
    if export.verified:
        return False
    return key.startswith(export.folder) or key in export.data_keys()


def is_told_too_early(export: Native, there: dict[str, bytes]) -> bool:
    """Whether a manifest is in the partition before all that it lists."""
    if partitioned(f"{export.folder}manifest-files.json") not in there:
        return False
    return any(partitioned(key) not in there for key in export.data_keys())


@pytest.mark.parametrize("parts", [[b"[]"], [b"[1,", b"2]"]])
def test_every_call_of_a_move_may_be_its_last(shelf: Shelf, parts: list[bytes]) -> None:
    """The same for each call of one move, so that none is left out by chance."""
    for call in range(1, 30):
        key = f"{keys.EXPORTS}dt=2026-02-{call:02}/users.json"
        shelf.put_in_parts(key, *parts)
        killed = shelf.run_killed(call)
        assert not shelf.run().troubles
        assert key not in shelf.names()
        assert shelf.content(partitioned(key)) == b"".join(parts)
        if not killed:
            break
    assert call > 5
