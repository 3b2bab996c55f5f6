"""What a world's channels and videos are like, whatever the world."""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.youtube_stand_in import DEMO, FIRST_DAY, Channel, Trait, World, api, ids, uniform
from scripts.youtube_stand_in import world as world_module
from scripts.youtube_stand_in.errors import ApiError
from tests.unit.youtube_stand_in.worlds import examples, read, uploads, videos, worlds


@examples
@given(worlds, st.integers(1, 50))
def test_paging_meets_each_upload_once_newest_first(world: World, per_page: int) -> None:
    for number, channel in enumerate(world.channel_ids):
        if world.uploads(number) and not world.has(number, Trait.DELETED):
            entries = list(uploads(world, channel, per_page, "snippet,contentDetails"))
            found = Counter(entry["contentDetails"]["videoId"] for entry in entries)
            times = [entry["snippet"]["publishedAt"] for entry in entries]
            assert len(found) == found.total() == world.uploads(number)
            assert [entry["snippet"]["position"] for entry in entries] == list(range(len(found)))
            assert times == sorted(times, reverse=True)
            assert times[0] < f"{world.day + timedelta(days=1)}"


@examples
@given(worlds)
def test_videos_list_tells_of_the_visible_uploads_only(world: World) -> None:
    for number, channel in enumerate(world.channel_ids):
        if world.uploads(number) and not world.has(number, Trait.DELETED):
            entries = list(uploads(world, channel, 50, "snippet,contentDetails"))
            listed = [entry["contentDetails"]["videoId"] for entry in entries]
            hidden = {
                entry["contentDetails"]["videoId"]
                for entry in entries
                if entry["snippet"]["title"] in ("Deleted video", "Private video")
            }
            seen = [video["id"] for video in videos(world, listed)]
            answer = read(world, "channels", part="statistics", id=channel)
            assert seen == [video for video in listed if video not in hidden]
            assert answer["items"][0]["statistics"]["videoCount"] == str(len(seen))
            if not world.has(number, Trait.UNAVAILABLE_VIDEOS):
                assert not hidden


@examples
@given(worlds, st.integers(1, 400))
def test_a_later_day_has_larger_numbers_and_the_same_videos(world: World, days: int) -> None:
    later = replace(world, day=world.day + timedelta(days=days))
    before = videos(world, list(world.videos())[:50])
    after = {video["id"]: video for video in videos(later, [video["id"] for video in before])}
    for video in before:
        now = after.get(video["id"], video)  # what was live may be deleted
        assert now["snippet"]["title"] == video["snippet"]["title"]
        assert now["snippet"]["publishedAt"] == video["snippet"]["publishedAt"]
        assert int(now["statistics"]["viewCount"]) >= int(video["statistics"]["viewCount"])
    ordinary = [v for v in before if v["snippet"]["liveBroadcastContent"] == "none"]
    for video in ordinary:
        views = after[video["id"]]["statistics"]["viewCount"]
        assert int(views) > int(video["statistics"]["viewCount"])


@examples
@given(worlds)
def test_etags_change_with_the_day_only(world: World) -> None:
    query = {"part": "snippet", "id": ",".join(world.channel_ids)}
    later = replace(world, day=world.day + timedelta(days=1))
    answer, etag = api.answer(world, "channels", query)
    assert api.answer(replace(world), "channels", query) == (answer, etag)
    if "items" in answer:
        assert api.answer(later, "channels", query)[1] != etag


def test_traits_show_in_the_statistics() -> None:
    world = World(
        tuple(
            Channel(60, traits=frozenset({trait})) for trait in (*Trait, Trait.HIDDEN_SUBSCRIBERS)
        )
    )
    answer = read(
        world, "channels", part="statistics", id=",".join(world.channel_ids), maxResults="9"
    )
    counts = [item["statistics"] for item in answer["items"]]
    hidden = [count.get("subscriberCount") for count in counts if count["hiddenSubscriberCount"]]
    assert len(counts) == len(world.channels) - 1  # one is deleted
    assert sorted(hidden, key=str) == ["0", None]  # YouTube answers either

    members = {
        trait: [set(video["statistics"]) for video in videos(world, list(_videos_of(world, n)))]
        for n, trait in enumerate(Trait)
    }
    everything = {"viewCount", "likeCount", "favoriteCount", "commentCount"}
    assert members[Trait.DELETED] == []
    assert all(found == everything - {"likeCount"} for found in members[Trait.HIDDEN_LIKES])
    assert all(found == everything - {"commentCount"} for found in members[Trait.COMMENTS_DISABLED])
    assert all(found == everything for found in members[Trait.LIVE])


def test_live_and_announced_videos_come_first_and_have_no_length() -> None:
    world = World((Channel(5, traits=frozenset({Trait.LIVE})),))
    newest_first = videos(world, list(_videos_of(world, 0))[::-1])
    assert [v["snippet"]["liveBroadcastContent"] for v in newest_first] == [
        "upcoming", "live", "none", "none", "none",
    ]  # fmt: skip
    assert [v["contentDetails"]["duration"] == "P0D" for v in newest_first] == (
        [True] * 2 + [False] * 3
    )
    assert newest_first[0]["statistics"]["viewCount"] == "0"
    assert "scheduledStartTime" in newest_first[0]["liveStreamingDetails"]


@pytest.mark.parametrize("number", [7, 8], ids=["without videos", "deleted"])
def test_a_channel_without_videos_has_no_uploads_playlist(number: int) -> None:
    with pytest.raises(ApiError, match="404 playlistNotFound"):
        list(uploads(DEMO, DEMO.channel_ids[number], 50, "contentDetails"))


def test_a_video_can_disappear_from_one_day_to_the_next() -> None:
    world = uniform(channels=1, videos=40)
    later = replace(world, channels=(Channel(40, traits=frozenset({Trait.UNAVAILABLE_VIDEOS})),))
    listed = list(world.videos())
    left = [video["id"] for video in videos(later, listed)]
    assert 0 < len(left) < len(listed)
    assert set(left) < set(listed)
    assert len(list(uploads(later, later.channel_ids[0], 50, "snippet"))) == len(listed)


def test_numbers_and_titles_reach_what_is_awkward_to_store() -> None:
    found = videos(uniform(channels=12, videos=400), list(uniform(12, 400).videos()))
    titles = {video["snippet"]["title"] for video in found}
    assert {"NULL", "007", "\\N", "👨‍👩‍👧‍👦"} <= titles
    assert max(int(video["statistics"]["viewCount"]) for video in found) > 2**31
    assert any(not video["snippet"]["description"] for video in found)


@examples
@given(worlds)
def test_json_leads_back_to_the_world(world: World) -> None:
    written = json.loads(json.dumps(world_module.to_json(world)))
    assert world_module.from_json(written, DEMO) == world


def test_handles_are_unique_and_find_their_channel() -> None:
    world = uniform(channels=700, videos=1)
    assert len(set(world.handles)) == 700
    for handle in world.handles[:30]:
        answer = read(world, "channels", part="snippet", forHandle=handle.removeprefix("@"))
        assert answer["items"][0]["snippet"]["customUrl"] == handle


def test_a_world_is_the_same_in_every_process() -> None:
    program = (
        "from scripts.youtube_stand_in import DEMO, api\n"
        "print(api.answer(DEMO, 'channels', {'part': 'snippet,statistics', 'maxResults': '50',"
        " 'id': ','.join(DEMO.channel_ids)}))\n"
        "print(api.answer(DEMO, 'videos', {'part': 'snippet,statistics',"
        " 'id': ','.join(list(DEMO.videos())[-50:])}))"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[3],
            check=True,
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: World((), day=FIRST_DAY - timedelta(days=1)), "2026-01-01 or later"),
        (lambda: Channel(videos=-1), "0 or more"),
        (lambda: world_module.from_json({"channels": [{"traits": ["odd"]}]}, DEMO), "odd"),
    ],
)
def test_a_world_that_cannot_be_is_refused(make: type, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def _videos_of(world: World, number: int) -> list[str]:
    return [ids.video_id(world.seed, number, n) for n in range(world.uploads(number))]
