"""Whatever becomes of single exports, a chain loses no window and doubles none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynamodb_export.native.ledger import (
    WHOLE,
    Export,
    ExportType,
    Ledger,
    Reach,
    Status,
    changed,
    client_token,
    due,
    in_status,
    why_broken,
)

START = datetime(2026, 3, 1, 18, tzinfo=UTC)
DAYS = timedelta(days=35)
FULL, INCREMENTAL = ExportType.FULL, ExportType.INCREMENTAL

# hours until the next run, and what becomes of exports meanwhile, in turn
STEPS = st.lists(
    st.tuples(
        st.floats(0.01, 60),
        st.lists(st.sampled_from(["refused", "failed", "started", "verified"]), max_size=4),
    ),
    max_size=8,
)


def reach(now: datetime, since: datetime = START - timedelta(days=1)) -> Reach:
    return Reach(max(since, now - DAYS), now - timedelta(minutes=5))


def become(ledger: Ledger, export: Export, fate: str) -> Ledger:
    """What a run and the follow-up make of an export."""
    if fate == "refused" and export.status is Status.REQUESTED:
        return ledger
    started = replace(export, status=Status.STARTED, arn=f"arn/{client_token('b', 't', export)}")
    ledger = changed(ledger, export, started)
    if fate in {"failed", "verified"}:
        ledger = changed(ledger, started, replace(started, status=Status[fate.upper()]))
    return ledger


def settled(ledger: Ledger) -> Ledger:
    for export in in_status(ledger, Status.REQUESTED, Status.STARTED):
        ledger = become(ledger, export, "verified")
    return ledger


def at(hours: float) -> datetime:
    return (START + timedelta(hours=hours)).replace(microsecond=0)


@given(STEPS)
def test_a_chain_covers_all_time_once(steps: list[tuple[float, list[str]]]) -> None:
    ledger, hours = Ledger("t"), 0.0
    for pause, fates in steps:
        hours += pause
        ledger = due(ledger, INCREMENTAL, reach(at(hours)), at(hours))
        assert due(ledger, INCREMENTAL, reach(at(hours)), at(hours)) == ledger
        still = in_status(ledger, Status.REQUESTED, Status.STARTED)
        for export, fate in zip(still, fates, strict=False):
            ledger = become(ledger, export, fate)
        assert_whole_up_to_checkpoint(ledger)
    now = at(hours)
    ledger = settled(due(ledger, INCREMENTAL, reach(now), now))
    ledger = settled(due(ledger, INCREMENTAL, reach(now), now))
    assert ledger.checkpoint == ledger.planned_to
    assert ledger.planned_to
    assert reach(now).latest - ledger.planned_to < timedelta(minutes=15)
    assert_contiguous(ledger)
    tokens = [client_token("b", "t", export) for export in ledger.exports]
    assert len(set(tokens)) == len(tokens)


def assert_contiguous(ledger: Ledger) -> None:
    whole = [export for export in ledger.exports if export.chained and export.status in WHOLE]
    bounds = [export.bounds for export in whole]
    assert len(set(bounds)) == len(bounds)
    windows = sorted((begin, end) for begin, end in bounds if begin)
    (full,) = [end for begin, end in bounds if begin is None]
    ends = [full, *(end for _, end in windows)]
    assert [begin for begin, _ in windows] == ends[:-1]
    assert ends[-1] == ledger.planned_to


def assert_whole_up_to_checkpoint(ledger: Ledger) -> None:
    if ledger.checkpoint is None:
        return
    assert ledger.planned_to
    assert ledger.checkpoint <= ledger.planned_to
    last = {export.bounds: export for export in ledger.exports if export.chained}
    upto = [e for e in last.values() if e.end <= ledger.checkpoint]
    assert upto
    assert all(export.status in WHOLE for export in upto)


def test_a_failed_window_is_exported_again_with_the_same_bounds() -> None:
    ledger = settled(due(Ledger("t"), INCREMENTAL, reach(at(0)), at(0)))
    ledger = due(ledger, INCREMENTAL, reach(at(24)), at(24))
    (window,) = in_status(ledger, Status.REQUESTED)
    ledger = become(ledger, window, "failed")
    ledger = due(ledger, INCREMENTAL, reach(at(48)), at(48))
    again, following = in_status(ledger, Status.REQUESTED)
    assert again.bounds == window.bounds
    assert again.attempt == 2
    assert client_token("b", "t", again) != client_token("b", "t", window)
    assert following.begin == window.end


def test_a_failed_full_export_of_a_chain_is_made_of_the_same_moment() -> None:
    ledger = due(Ledger("t"), INCREMENTAL, reach(at(0)), at(0))
    (full,) = in_status(ledger, Status.REQUESTED)
    ledger = due(become(ledger, full, "failed"), INCREMENTAL, reach(at(5)), at(5))
    again, window = in_status(ledger, Status.REQUESTED)
    assert (again.type, again.end) == (FULL, full.end)
    assert window.begin == full.end


def test_a_chain_that_aws_forgot_is_broken_and_begins_anew() -> None:
    ledger = settled(due(Ledger("t"), INCREMENTAL, reach(at(0)), at(0)))
    now = at(36 * 24)
    assert "is broken" in str(why_broken(ledger, reach(now)))
    ledger = due(ledger, INCREMENTAL, reach(now), now)
    (full,) = in_status(ledger, Status.REQUESTED)
    assert (full.type, full.end) == (FULL, reach(now).latest)
    assert (ledger.planned_to, ledger.checkpoint) == (full.end, None)
    assert why_broken(ledger, reach(now)) is None
    assert settled(ledger).checkpoint == full.end


def test_an_export_under_way_for_long_breaks_no_chain() -> None:
    ledger = due(Ledger("t"), INCREMENTAL, reach(at(0)), at(0))
    (full,) = in_status(ledger, Status.REQUESTED)
    ledger = become(ledger, full, "started")
    for day in range(1, 40):
        ledger = due(ledger, INCREMENTAL, reach(at(24 * day)), at(24 * day))
        for window in in_status(ledger, Status.REQUESTED):
            ledger = become(ledger, window, "verified")
    assert why_broken(ledger, reach(at(24 * 40))) is None
    assert ledger.checkpoint is None
    assert settled(ledger).checkpoint == ledger.planned_to


@pytest.mark.parametrize("fate", ["refused", "started", "verified"])
def test_a_day_has_one_full_export(fate: str) -> None:
    ledger = due(Ledger("t"), FULL, reach(at(0)), at(0))
    ledger = become(ledger, ledger.exports[0], fate)
    assert due(ledger, FULL, reach(at(3)), at(3)) == ledger
    assert len(due(ledger, FULL, reach(at(24)), at(24)).exports) == 2


def test_a_full_export_that_failed_is_made_again_on_the_same_day() -> None:
    ledger = due(Ledger("t"), FULL, reach(at(0)), at(0))
    ledger = become(ledger, ledger.exports[0], "failed")
    ledger = due(ledger, FULL, reach(at(1)), at(1))
    assert [export.attempt for export in ledger.exports] == [1, 2]


def test_a_full_export_of_a_forgotten_moment_is_asked_for_of_a_newer_one() -> None:
    ledger = due(Ledger("t"), FULL, reach(at(0)), at(0))
    switched_on_again = reach(at(3), since=at(2))
    (full,) = due(ledger, FULL, switched_on_again, at(3)).exports
    assert full.end == switched_on_again.latest


def test_a_full_export_by_hand_leaves_a_chain_alone() -> None:
    ledger = settled(due(Ledger("t"), INCREMENTAL, reach(at(0)), at(0)))
    with_full = settled(due(ledger, FULL, reach(at(30)), at(30)))
    assert with_full.planned_to == ledger.planned_to
    assert with_full.checkpoint == ledger.checkpoint
    assert len(with_full.exports) == 2


def test_closed_exports_are_forgotten_after_a_hundred_days() -> None:
    ledger = Ledger("t")
    for day in range(150):
        ledger = due(ledger, FULL, reach(at(24 * day)), at(24 * day))
        started = ledger.exports[-1]
        ledger = changed(ledger, started, replace(started, status=Status.COMPLETED))
    assert len(ledger.exports) == 101


def test_a_change_that_another_run_made_already_is_not_made_again() -> None:
    ledger = due(Ledger("t"), FULL, reach(at(0)), at(0))
    requested = ledger.exports[0]
    ledger = become(ledger, requested, "verified")
    assert changed(ledger, requested, replace(requested, status=Status.STARTED)) == ledger
