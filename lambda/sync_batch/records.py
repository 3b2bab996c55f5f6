"""Channels and videos as YouTube tells them, made into rows. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from googleapiclient._apis.youtube.v3 import schemas

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
_SECONDS = {"weeks": 604800, "days": 86400, "hours": 3600, "minutes": 60, "seconds": 1}


class Channel(NamedTuple):
    """A channel today. Counts that are hidden or missing are None, never 0."""

    channel_id: str
    handle: str | None
    title: str
    country: str | None
    published_at: datetime | None
    uploads_playlist_id: str | None
    subscriber_count: int | None
    view_count: int | None
    video_count: int | None


class Video(NamedTuple):
    """A video today. Counts that are hidden or missing are None, never 0."""

    video_id: str
    channel_id: str
    title: str
    published_at: datetime | None
    duration_seconds: int | None
    category_id: int | None
    live_broadcast_content: str | None
    view_count: int | None
    like_count: int | None
    comment_count: int | None


def channel(item: schemas.Channel) -> Channel:
    """A row from an item of channels.list (parts snippet, statistics, contentDetails)."""
    snippet, numbers = item["snippet"], item.get("statistics", {})
    hidden = numbers.get("hiddenSubscriberCount", False)
    playlists = item.get("contentDetails", {}).get("relatedPlaylists", {})
    return Channel(
        channel_id=item["id"],
        handle=_text(snippet.get("customUrl")),
        title=clean(snippet.get("title", "")),
        country=_text(snippet.get("country")),
        published_at=moment(snippet.get("publishedAt")),
        uploads_playlist_id=_text(playlists.get("uploads")),
        subscriber_count=None if hidden else count(numbers.get("subscriberCount")),
        view_count=count(numbers.get("viewCount")),
        video_count=count(numbers.get("videoCount")),
    )


def video(item: schemas.Video, channel_id: str) -> Video:
    """A row from an item of videos.list (parts snippet, statistics, contentDetails).

    Args:
        item: the video.
        channel_id: the channel whose uploads it was found in.
    """
    snippet, numbers = item["snippet"], item.get("statistics", {})
    return Video(
        video_id=item["id"],
        channel_id=channel_id,
        title=clean(snippet.get("title", "")),
        published_at=moment(snippet.get("publishedAt")),
        duration_seconds=seconds(item.get("contentDetails", {}).get("duration")),
        category_id=count(snippet.get("categoryId")),
        live_broadcast_content=_text(snippet.get("liveBroadcastContent")),
        view_count=count(numbers.get("viewCount")),
        like_count=count(numbers.get("likeCount")),
        comment_count=count(numbers.get("commentCount")),
    )


def count(text: str | int | None) -> int | None:
    """A number that YouTube writes as text; None when it is hidden or missing."""
    return None if text is None else int(text)


def moment(text: str | None) -> datetime | None:
    """A time that YouTube writes as `2026-01-02T03:04:05Z`, in whole seconds."""
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0) if text else None


def seconds(text: str | None) -> int | None:
    """The length that `PT1H2M3S` tells; None when there is none yet (live and announced: P0D)."""
    found = _DURATION.fullmatch(text or "")
    if found is None:
        return None
    parts = found.groupdict(default="0")
    return sum(int(parts[unit]) * length for unit, length in _SECONDS.items()) or None


def clean(text: str) -> str:
    """The text without what CSV files and PostgreSQL trip over: NUL, bare CR, lone surrogates."""
    lines = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    return lines.encode("utf-8", "replace").decode("utf-8")


def _text(value: str | None) -> str | None:
    return clean(value) if value else None
