"""Worlds, and readers of them, for Hypothesis."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from scripts.youtube_stand_in import FIRST_DAY, Channel, Trait, World, api, ids

examples = settings(max_examples=40)
"""As many worlds as take a second."""

VIDEO_PARTS = "snippet,contentDetails,statistics,status,liveStreamingDetails"

channels = st.builds(
    Channel,
    videos=st.integers(0, 130),
    uploads_per_day=st.integers(0, 3),
    traits=st.frozensets(st.sampled_from(Trait)),
)
worlds = st.builds(
    World,
    channels=st.lists(channels, min_size=1, max_size=6).map(tuple),
    seed=st.integers(0, 2**32),
    day=st.integers(0, 30).map(lambda days: FIRST_DAY + timedelta(days=days)),
)


def read(world: World, method: str, **query: str) -> dict[str, Any]:
    """What the world answers to a call."""
    body, _ = api.answer(world, method, query)
    return body


def uploads(world: World, channel_id: str, per_page: int, part: str) -> Iterator[dict[str, Any]]:
    """The entries of a channel's uploads playlist, read page by page."""
    query = {"part": part, "playlistId": ids.uploads_id(channel_id), "maxResults": str(per_page)}
    token: str | None = ""
    while token is not None:
        page = read(world, "playlistItems", **query, pageToken=token)
        yield from page["items"]
        token = page.get("nextPageToken")


def videos(world: World, video_ids: list[str], part: str = VIDEO_PARTS) -> list[dict[str, Any]]:
    """What videos.list tells of these ids, 50 a call."""
    batches = (video_ids[n : n + 50] for n in range(0, len(video_ids), 50))
    return [
        item
        for batch in batches
        for item in read(world, "videos", part=part, id=",".join(batch))["items"]
    ]
