"""Every answer is one that YouTube's discovery document allows."""

from typing import Any

import pytest
from hypothesis import given

from scripts.youtube_stand_in import DEMO, Trait, World, discovery
from tests.unit.youtube_stand_in.schema import problems
from tests.unit.youtube_stand_in.worlds import examples, read, uploads, videos, worlds

CHANNEL_PARTS = "id,snippet,contentDetails,statistics,status,brandingSettings,topicDetails"
ITEM_PARTS = "id,snippet,contentDetails,status"
VIDEO_PARTS = "id,snippet,contentDetails,statistics,status,liveStreamingDetails,player"


def _assert_valid(schema: str, answer: Any) -> None:
    assert list(problems(discovery.schema(schema), answer)) == []


@examples
@given(worlds)
def test_channels_are_valid(world: World) -> None:
    ids = ",".join(world.channel_ids)
    answer = read(world, "channels", part=CHANNEL_PARTS, id=ids, maxResults="50")
    _assert_valid("ChannelListResponse", answer)
    deleted = sum(world.has(n, Trait.DELETED) for n in range(len(world.channels)))
    assert answer["pageInfo"]["totalResults"] == len(world.channels) - deleted


@examples
@given(worlds)
def test_playlist_items_and_videos_are_valid(world: World) -> None:
    for number, channel in enumerate(world.channel_ids):
        if world.uploads(number) and not world.has(number, Trait.DELETED):
            entries = list(uploads(world, channel, 50, ITEM_PARTS))
            found = videos(world, [e["contentDetails"]["videoId"] for e in entries], VIDEO_PARTS)
            for entry in entries:
                _assert_valid("PlaylistItem", entry)
            for video in found:
                _assert_valid("Video", video)


def test_answers_through_googles_client_are_valid(client: Any) -> None:
    """The client checks parameters against the document, the test the answers."""
    ids = list(DEMO.channel_ids)
    found = client.channels().list(part=CHANNEL_PARTS, id=ids, maxResults=50).execute()
    _assert_valid("ChannelListResponse", found)
    for channel in found["items"]:
        playlist = channel["contentDetails"]["relatedPlaylists"]["uploads"]
        if channel["statistics"]["videoCount"] == "0":
            continue
        items = client.playlistItems().list(part=ITEM_PARTS, playlistId=playlist, maxResults=50)
        while items is not None:
            page = items.execute()
            _assert_valid("PlaylistItemListResponse", page)
            listed = [item["contentDetails"]["videoId"] for item in page["items"]]
            _assert_valid(
                "VideoListResponse", client.videos().list(part=VIDEO_PARTS, id=listed).execute()
            )
            items = client.playlistItems().list_next(items, page)


def test_the_check_finds_what_is_wrong() -> None:
    video = read(DEMO, "videos", part="snippet,statistics", id=next(DEMO.videos()))["items"][0]
    video["statistics"]["viewCount"] = -1
    video["snippet"] |= {
        "publishedAt": "yesterday",
        "liveBroadcastContent": "soon",
        "hue": 1,
    }
    found = "\n".join(problems(discovery.schema("Video"), video))
    for wrong in ("viewCount", "publishedAt", "liveBroadcastContent", "hue"):
        assert wrong in found


def test_nothing_found_is_told_as_youtube_tells_it() -> None:
    """channels.list leaves `items` out, videos.list sends an empty list."""
    assert "items" not in read(DEMO, "channels", part="id", id=DEMO.channel_ids[8])
    assert "items" not in read(DEMO, "channels", part="id", forHandle="@nobody")
    assert read(DEMO, "videos", part="id", id="AAAAAAAAAAA,x")["items"] == []


@pytest.mark.parametrize("part", sorted(discovery.parts("Video")))
def test_an_answer_has_the_parts_that_were_asked(part: str) -> None:
    video = read(DEMO, "videos", part=part, id=next(DEMO.videos()))["items"][0]
    assert set(video) - {part} <= {"kind", "etag", "id"}
