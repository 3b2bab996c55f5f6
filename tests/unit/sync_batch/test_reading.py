"""Channels are read completely or not at all, in parallel, as far as the limits allow."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from batchworks.errors import JobError, TemporaryError
from scripts.youtube_stand_in import DEMO, Channel, Fault, Kind, Trait, World, uniform
from scripts.youtube_stand_in import YouTube as StandIn
from sync_batch import lookup, reading
from sync_batch.controls import Brake
from sync_batch.limits import Limits, Obstacle, finishing
from sync_batch.reading import Reading
from sync_batch.refusals import KeyRefusedError, QuotaExceededError
from sync_batch.transport import BudgetSpentError
from sync_batch.youtube import YouTube


class Run:
    """Reads the channels of a world, with limits that can be changed."""

    def __init__(self, youtube: StandIn, world: World = DEMO, budget: int = 10_000) -> None:
        youtube.change(world=world, reset=True)
        self.world = world
        self.api = YouTube(youtube.key, youtube.endpoint, budget=budget, backoff=0.001)
        self.brake = Brake.OFF
        self.time_left = math.inf
        self.limits = Limits(8, 10_000, lambda: self.time_left, lambda: self.brake)

    def read(self, watch: Callable[[Reading], None] = lambda _: None) -> Reading:
        found = lookup.find(self.api, self.world.channel_ids, workers=8)
        in_order = sorted(found.channels, key=lambda c: self.world.channel_ids.index(c.channel_id))
        return reading.read(self.api, in_order, self.limits, watch)

    def number(self, channel_id: str) -> int:
        return self.world.channel_ids.index(channel_id)


def numbers(run: Run, got: Reading) -> set[int]:
    return {run.number(channel.channel_id) for channel in got.channels}


def test_everything_that_a_visitor_can_see_is_read_once(youtube: StandIn) -> None:
    run = Run(youtube)
    got = run.read()
    assert numbers(run, got) == set(range(8))
    assert sorted(video.video_id for video in got.videos) == sorted(DEMO.videos())
    assert not got.waiting
    assert got.failure is None
    assert run.api.meter.used == youtube.counters()["quota_used"]


def test_what_videos_hide_is_none(youtube: StandIn) -> None:
    traits = [Trait.HIDDEN_LIKES, Trait.COMMENTS_DISABLED, Trait.LIVE]
    run = Run(youtube, World(channels=tuple(Channel(3, traits=frozenset([t])) for t in traits)))
    by_channel: dict[int, list[object]] = {0: [], 1: [], 2: []}
    for video in run.read().videos:
        by_channel[run.number(video.channel_id)].append(video)
    assert {video.like_count for video in by_channel[0]} == {None}  # type: ignore[attr-defined]
    assert {video.comment_count for video in by_channel[1]} == {None}  # type: ignore[attr-defined]
    lengths = {
        video.live_broadcast_content: video.duration_seconds  # type: ignore[attr-defined]
        for video in by_channel[2]
    }
    assert (lengths["live"], lengths["upcoming"]) == (None, None)
    assert lengths["none"]


def test_a_large_channel_is_read_completely(youtube: StandIn) -> None:
    run = Run(youtube, uniform(1, 10_000))
    assert len({video.video_id for video in run.read().videos}) == 10_000
    assert run.api.meter.used == 1 + 200 + 200


def test_an_upload_during_the_walk_gives_no_video_twice(youtube: StandIn) -> None:
    before = World(channels=(Channel(200, uploads_per_day=3),))
    run = Run(youtube, before)
    youtube.change(latency=0.05)

    def upload(got: Reading) -> None:
        if got.videos_seen == 0:
            youtube.change(world=replace(before, day=before.day.replace(day=2)))

    ids = [video.video_id for video in run.read(upload).videos]
    assert len(ids) == len(set(ids)) >= 200


def test_only_what_can_be_paid_is_begun_and_the_longest_wait_comes_first(
    youtube: StandIn,
) -> None:
    run = Run(youtube, uniform(5, 100), budget=1 + 4 + 4 + 3)
    got = run.read()
    assert numbers(run, got) == {0, 1}
    assert [run.number(c.channel_id) for c in got.waiting[Obstacle.QUOTA]] == [2, 3, 4]
    assert run.api.meter.used == 9


def test_a_large_channel_does_not_block_the_small_ones(youtube: StandIn) -> None:
    run = Run(youtube, World(channels=(Channel(5000), Channel(50), Channel(60))), budget=50)
    got = run.read()
    assert numbers(run, got) == {1, 2}
    assert list(got.waiting) == [Obstacle.QUOTA]
    run = Run(youtube, run.world)
    run.limits = replace(run.limits, largest_channel=199)
    assert list(run.read().waiting) == [Obstacle.TOO_LARGE]


def test_a_channel_that_costs_more_than_it_seemed_is_left_out_whole(youtube: StandIn) -> None:
    run = Run(youtube, World(channels=(Channel(200), Channel(50))), budget=12)
    run.limits = replace(run.limits, workers=1)
    youtube.change(faults=[Fault(Kind.BACKEND_ERROR, method="videos", times=3)])
    got = run.read()
    assert run.api.meter.used <= 12
    assert {video.channel_id for video in got.videos} == {c.channel_id for c in got.channels}
    assert Obstacle.QUOTA in got.waiting


def test_a_channel_whose_calls_fail_too_often_for_the_budget_waits(youtube: StandIn) -> None:
    run = Run(youtube, uniform(1, 200), budget=1 + 8)
    youtube.change(faults=[Fault(Kind.BACKEND_ERROR, method="videos", times=3)])
    got = run.read()
    assert (got.channels, got.videos, got.failure) == ([], [], None)
    assert len(got.waiting[Obstacle.QUOTA]) == 1
    assert run.api.meter.used == 9


def test_nothing_is_begun_when_time_is_over(youtube: StandIn) -> None:
    run = Run(youtube, uniform(3, 100))
    run.time_left = finishing(0) - 0.1
    got = run.read()
    assert got.channels == []
    assert len(got.waiting[Obstacle.TIME]) == 3
    assert run.api.meter.used == 1


def test_a_channel_that_seems_too_slow_for_any_run_is_tried(youtube: StandIn) -> None:
    run = Run(youtube, uniform(3, 1000))
    run.time_left = finishing(1000) + 0.001
    got = run.read()
    assert numbers(run, got) == {0}
    assert [run.number(c.channel_id) for c in got.waiting[Obstacle.TIME]] == [1, 2]


def test_channels_under_way_are_left_when_time_runs_out(youtube: StandIn) -> None:
    run = Run(youtube, World(channels=(Channel(50), Channel(2000))))
    youtube.change(latency=0.02)

    def clock(got: Reading) -> None:
        if got.channels:
            run.time_left = 0

    got = run.read(clock)
    assert numbers(run, got) == {0}
    assert len(got.videos) == 50
    assert [run.number(c.channel_id) for c in got.waiting[Obstacle.TIME]] == [1]


@pytest.mark.parametrize(("brake", "complete"), [(Brake.FINISH, True), (Brake.DROP, False)])
def test_the_brake_stops_between_channels_or_at_once(
    youtube: StandIn, brake: Brake, complete: bool
) -> None:
    run = Run(youtube, uniform(40, 300))
    youtube.change(latency=0.02)

    def step_on_it(got: Reading) -> None:
        if got.videos_seen:
            run.brake = brake

    got = run.read(step_on_it)
    assert bool(got.channels) == complete
    assert len(got.videos) == 300 * len(got.channels)
    assert len(got.channels) + len(got.waiting[Obstacle.STOPPED]) == 40


@pytest.mark.timeout(60)  # a wait is an hour
def test_nobody_waits_for_repetitions_that_are_not_needed_any_more(
    youtube: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync_batch.youtube.LONGEST_WAIT_SECONDS", 100_000)
    run = Run(youtube, uniform(2, 100))
    run.api = YouTube(youtube.key, youtube.endpoint, budget=1000, backoff=36_000)

    def stop(_: Reading) -> None:
        youtube.change(faults=[Fault(Kind.BACKEND_ERROR, times=None)])
        if youtube.counters()["answers"].get("500"):
            run.brake = Brake.DROP

    youtube.change(latency=0.05)
    assert run.read(stop).waiting.keys() == {Obstacle.STOPPED}


def test_a_quota_used_up_on_the_way_ends_the_reading_and_keeps_what_is_complete(
    youtube: StandIn,
) -> None:
    run = Run(youtube, uniform(20, 100))
    run.limits = replace(run.limits, workers=2)
    youtube.change(quota=30)
    got = run.read()
    assert isinstance(got.failure, QuotaExceededError)
    assert 0 < len(got.channels) < 20
    assert len(got.videos) == 100 * len(got.channels)
    assert run.api.meter.used >= 30


def test_a_key_that_is_withdrawn_on_the_way_ends_the_reading(youtube: StandIn) -> None:
    run = Run(youtube, uniform(20, 100))
    run.limits = replace(run.limits, workers=2)
    youtube.change(faults=[Fault(Kind.KEY_INVALID, first=20, times=None)])
    got = run.read()
    assert isinstance(got.failure, KeyRefusedError)
    assert 0 < len(got.channels) < 20


def test_a_youtube_that_stays_down_ends_the_reading(youtube: StandIn) -> None:
    run = Run(youtube, uniform(20, 100))
    youtube.change(faults=[Fault(Kind.BACKEND_ERROR, method="videos", times=None)])
    got = run.read()
    assert type(got.failure) is TemporaryError
    assert re.match(r"channel UC\S+ \(.+\) can't be read: YouTube answered", str(got.failure))
    assert got.channels == []


def test_a_youtube_that_stays_down_is_no_unreadable_channel(youtube: StandIn) -> None:
    run = Run(youtube, uniform(1, 100))
    youtube.change(faults=[Fault(Kind.BACKEND_ERROR, method="videos", times=None)])
    assert isinstance(run.read().failure, TemporaryError)


@pytest.mark.parametrize("broken", [{0}, {0, 4}])
def test_channels_that_never_answer_do_not_hold_up_the_others(
    youtube: StandIn, broken: set[int], caplog: pytest.LogCaptureFixture
) -> None:
    run = Run(youtube, uniform(6, 60))
    run.limits = replace(run.limits, workers=1)  # so that one channel ends after the other
    faults = [
        Fault(Kind.BACKEND_ERROR, about="UU" + run.world.channel_ids[number][2:], times=None)
        for number in broken
    ]
    youtube.change(faults=faults)
    got = run.read()
    assert got.failure is None
    assert {run.number(channel.channel_id) for channel in got.unreadable} == broken
    assert numbers(run, got) == set(range(6)) - broken
    for number in broken:
        assert f"channel {run.world.channel_ids[number]}" in caplog.text


def test_faults_that_pass_lose_nothing(youtube: StandIn) -> None:
    run = Run(youtube)
    kinds = [Kind.BACKEND_ERROR, Kind.DROPPED, Kind.CUT, Kind.TRUNCATED, Kind.TOO_MANY_REQUESTS]
    youtube.change(
        faults=[Fault(kind, first=n + 2, every=11, times=None) for n, kind in enumerate(kinds)]
    )
    got = run.read()
    assert sorted(video.video_id for video in got.videos) == sorted(DEMO.videos())
    assert run.api.meter.used == sum(youtube.counters()["requests"].values())


def test_a_channel_that_cannot_be_read_is_set_aside(
    youtube: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    run = Run(youtube, uniform(3, 60))
    playlist = "UU" + run.world.channel_ids[1][2:]
    youtube.change(faults=[Fault(Kind.PLAYLIST_NOT_FOUND, about=playlist, times=None)])
    got = run.read()
    assert numbers(run, got) == {0, 2}
    assert [run.number(channel.channel_id) for channel in got.unreadable] == [1]
    assert f"channel {run.world.channel_ids[1]}" in caplog.text


def test_a_channel_without_videos_is_complete(youtube: StandIn) -> None:
    run = Run(youtube, World(channels=(Channel(0),)))
    got = run.read()
    assert numbers(run, got) == {0}
    assert got.videos == []


def test_a_channel_that_never_had_uploads_is_complete(youtube: StandIn) -> None:
    run = Run(youtube)
    (channel, *_) = lookup.find(run.api, run.world.channel_ids, workers=8).channels
    bare = channel._replace(uploads_playlist_id=None, video_count=None)
    got = reading.read(run.api, [bare], run.limits, lambda _: None)
    assert (got.channels, got.videos) == ([bare], [])


def test_what_the_watcher_raises_ends_the_reading(youtube: StandIn) -> None:
    def watch(_: Reading) -> None:
        raise TemporaryError("the database went away")

    with pytest.raises(TemporaryError, match="the database went away"):
        Run(youtube).read(watch)


def test_channels_are_looked_up_with_few_calls(
    youtube: StandIn, caplog: pytest.LogCaptureFixture
) -> None:
    run = Run(youtube, uniform(120, 0))
    names = [*run.world.channel_ids[:110], *run.world.handles[100:], "UC" + "x" * 22, "@nobody"]
    found = lookup.find(run.api, names, workers=4)
    assert len(found.channels) == 120
    assert found.missing == ("UC" + "x" * 22, "@nobody")
    assert run.api.meter.used == 3 + 21
    assert "channel @nobody doesn't exist" in caplog.text
    assert f"and {run.world.handles[105]} are the same channel" in caplog.text


def test_channels_that_all_are_missing_are_a_failure(youtube: StandIn) -> None:
    with pytest.raises(JobError, match="none of the 2 channels in YOUTUBE_CHANNELS exists"):
        lookup.find(Run(youtube).api, ["UC" + "x" * 22, "@nobody"], workers=2)


def test_a_lookup_that_is_refused_asks_no_further(youtube: StandIn) -> None:
    run = Run(youtube)
    youtube.change(quota=0)
    with pytest.raises(QuotaExceededError):
        lookup.find(run.api, [f"@channel-{n}" for n in range(500)], workers=2)
    assert run.api.meter.used < 50


def test_a_lookup_that_cannot_be_paid_is_not_begun(youtube: StandIn) -> None:
    run = Run(youtube, budget=2)
    with pytest.raises(BudgetSpentError, match="costs 3 units"):
        lookup.find(run.api, ["@a", "@b", "@c"], workers=2)
    assert run.api.meter.used == 0
