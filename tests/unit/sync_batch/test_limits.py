"""A channel is begun only when what is left of quota and time is enough for it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_batch import quota
from sync_batch.controls import Brake
from sync_batch.limits import Limits, Obstacle, finishing

VIDEOS = st.integers(0, 20_000)


def limits(
    *, workers: int = 8, largest: int = 10_000, seconds: float = math.inf, brake: Brake = Brake.OFF
) -> Limits:
    return Limits(workers, largest, lambda: seconds, lambda: brake)


def obstacle(found: Limits, videos: int, **changes: float) -> Obstacle | None:
    state = {"calls_ahead": 0, "units_left": 10_000, "call_seconds": 0.1, "rows": 0} | changes
    return found.obstacle(
        videos,
        calls_ahead=int(state["calls_ahead"]),
        units_left=int(state["units_left"]),
        call_seconds=state["call_seconds"],
        rows=int(state["rows"]),
    )


@given(VIDEOS, st.integers(0, 1000), st.integers(0, 2000))
def test_what_is_begun_can_be_paid_together_with_what_is_under_way(
    videos: int, ahead: int, left: int
) -> None:
    found = obstacle(limits(), videos, calls_ahead=ahead, units_left=left)
    assert (found is None) == (ahead + quota.channel_calls(videos) <= left)
    assert found in {None, Obstacle.QUOTA}


@given(VIDEOS, st.integers(0, 1000), st.floats(0, 900), st.integers(1, 16), st.floats(0.01, 2))
def test_what_is_begun_ends_in_time(
    videos: int, ahead: int, seconds: float, workers: int, call: float
) -> None:
    found = limits(workers=workers, seconds=seconds)
    if obstacle(found, videos, calls_ahead=ahead, call_seconds=call) is None:
        pages, calls = quota.playlist_calls(videos), quota.channel_calls(videos)
        assert pages * call + finishing(videos) <= seconds
        assert (ahead + calls) / workers * call + finishing(videos) <= seconds


def test_a_channel_larger_than_a_whole_day_is_told_apart() -> None:
    assert obstacle(limits(largest=400), 10_001) is Obstacle.TOO_LARGE
    assert obstacle(limits(largest=400), 10_000) is None
    assert obstacle(limits(largest=400), 10_000, units_left=399) is Obstacle.QUOTA


@pytest.mark.parametrize("brake", [Brake.FINISH, Brake.DROP])
def test_nothing_is_begun_under_the_brake(brake: Brake) -> None:
    assert obstacle(limits(brake=brake), 0) is Obstacle.STOPPED


def test_channels_under_way_are_left_when_time_is_up_or_the_brake_is_full() -> None:
    assert limits().must_drop(0) is None
    assert limits(brake=Brake.FINISH).must_drop(0) is None
    assert limits(brake=Brake.DROP).must_drop(0) is Obstacle.STOPPED
    assert limits(seconds=finishing(1000) - 1).must_drop(1000) is Obstacle.TIME
    assert limits(seconds=finishing(1000) + 1).must_drop(1000) is None
