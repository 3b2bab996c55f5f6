"""Pacing: never faster than the ceiling, slower when S3 says so, and back again."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from scripts.archive.restore.pacing import FLOOR, Pace, eased, slowed, taken

ceilings = st.floats(min_value=2, max_value=1000)
gaps = st.lists(st.floats(min_value=0, max_value=0.5), min_size=2, max_size=200)


@given(ceilings, gaps)
def test_no_more_requests_start_in_any_window_than_the_rate_allows(
    ceiling: float, gaps: list[float]
) -> None:
    pace = Pace(ceiling, ceiling)
    starts = []
    for now in accumulate(gaps):
        pace, wait = taken(pace, now)
        assert wait >= 0
        starts.append(now + wait)

    for first in range(len(starts)):
        for last in range(first, len(starts)):
            assert last - first <= (starts[last] - starts[first]) * ceiling + 1e-6


@given(ceilings, st.lists(st.sampled_from([slowed, eased])))
def test_the_rate_stays_between_floor_and_ceiling(ceiling: float, said: list[object]) -> None:
    pace = Pace(ceiling, ceiling)
    for change in said:
        pace = change(pace)  # type: ignore[operator]
        assert FLOOR <= pace.rate <= ceiling


@given(ceilings)
def test_it_comes_back_to_the_ceiling(ceiling: float) -> None:
    pace = slowed(slowed(Pace(ceiling, ceiling)))
    for _ in range(1000):
        pace = eased(pace)
    assert pace.rate == ceiling


def test_an_idle_time_gives_no_burst() -> None:
    pace, _ = taken(Pace(10, 10), 0)
    pace, first = taken(pace, 100)
    _, second = taken(pace, 100)

    assert first == 0
    assert round(second, 9) == 0.1
