"""Windows of changes follow one another without gap or overlap, as long as AWS allows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from dynamodb_export.native.windows import LONGEST, SHORTEST, windows

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECONDS = st.integers(-1000, 40 * 86400)


@given(SECONDS)
def test_windows_follow_one_another_up_to_now(seconds: int) -> None:
    latest = BEGIN + timedelta(seconds=seconds)
    found = windows(BEGIN, latest)
    ends = [BEGIN, *(each.end for each in found)]
    assert [each.begin for each in found] == ends[:-1]
    assert all(SHORTEST <= each.end - each.begin <= LONGEST for each in found)
    assert latest - ends[-1] < SHORTEST


@given(SECONDS, SECONDS)
def test_asking_more_often_leaves_no_gap(first: int, second: int) -> None:
    moments = sorted(BEGIN + timedelta(seconds=each) for each in (first, second))
    found = windows(BEGIN, moments[0])
    reached = found[-1].end if found else BEGIN
    later = windows(reached, moments[1])
    assert all(each.begin >= reached for each in later)
    assert not later or later[0].begin == reached


def test_a_backlog_of_days_is_several_windows() -> None:
    found = windows(BEGIN, BEGIN + timedelta(days=3, minutes=20))
    assert [each.end - each.begin for each in found] == [LONGEST] * 3 + [timedelta(minutes=20)]
