"""Calls are counted before they are made, and the day ends at midnight Pacific time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync_batch import quota

MOMENTS = st.integers(1_577_836_800, 2_208_988_800).map(  # 2020 to 2039
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


@given(MOMENTS)
def test_a_moment_lies_in_a_day_that_begins_and_ends_at_midnight_pacific(now: datetime) -> None:
    start, end = quota.day_start(now), quota.resets_at(now)
    assert start <= now < end
    assert timedelta(hours=23) <= end.astimezone(UTC) - start.astimezone(UTC) <= timedelta(hours=25)
    assert quota.day_start(end) == end
    for midnight in (start, end):
        assert midnight.astimezone(quota.PACIFIC).strftime("%H:%M:%S.%f") == "00:00:00.000000"


def test_people_read_the_reset_in_tokyo_time() -> None:
    winter, summer = datetime(2026, 1, 5, 15, tzinfo=UTC), datetime(2026, 7, 5, 15, tzinfo=UTC)
    assert "2026-01-06 17:00 Asia/Tokyo" in quota.reset_text(winter)
    assert "2026-07-06 16:00 Asia/Tokyo" in quota.reset_text(summer)


@given(st.integers(0, 100_000))
def test_a_channel_costs_two_units_for_each_fifty_videos(videos: int) -> None:
    calls = quota.channel_calls(videos)
    assert max(1, videos / 25) <= calls <= videos / 25 + 2
    assert calls <= quota.channel_calls(videos + 1)
    assert quota.playlist_calls(videos) <= calls


@given(st.integers(0, 500), st.integers(0, 20))
def test_ids_share_calls_and_handles_do_not(ids: int, handles: int) -> None:
    names = [f"UC{n}" for n in range(ids)] + [f"@{n}" for n in range(handles)]
    assert quota.lookup_calls(names) == handles + -(-ids // 50)
