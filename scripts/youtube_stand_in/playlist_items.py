"""An entry of an uploads playlist as playlistItems.list answers it, newest upload first."""

from collections.abc import Callable, Collection
from typing import Any

from scripts.youtube_stand_in import ids, videos, words
from scripts.youtube_stand_in.videos import Video
from scripts.youtube_stand_in.world import Availability

_UNAVAILABLE_TEXTS = {
    Availability.DELETED: {
        "title": "Deleted video",
        "description": "This video is unavailable.",
    },
    Availability.PRIVATE: {
        "title": "Private video",
        "description": "This video is private.",
    },
}


def resource(video: Video, parts: Collection[str]) -> dict[str, Any]:
    """The playlist's entry for an upload."""
    made = {part: _PARTS[part](video) for part in parts if part in _PARTS}
    playlist = ids.uploads_id(video.world.channel_ids[video.number])
    return {
        "kind": "youtube#playlistItem",
        "etag": ids.etag(video.id, *made, video.world.fingerprints[video.number]),
        "id": ids.playlist_item_id(playlist, video.id),
        **made,
    }


def _snippet(video: Video) -> dict[str, Any]:
    world, number = video.world, video.number
    channel, name = world.channel_ids[number], words.channel_name(world.seed, number)
    members = {
        "publishedAt": videos.timestamp(video.published),
        "channelId": channel,
        "channelTitle": name,
        "playlistId": ids.uploads_id(channel),
        "position": world.uploads(number) - 1 - video.index,
        "resourceId": {"kind": "youtube#video", "videoId": video.id},
    }
    if video.availability in _UNAVAILABLE_TEXTS:
        return {**members, **_UNAVAILABLE_TEXTS[video.availability], "thumbnails": {}}
    return {
        **members,
        **videos.texts(video),
        "thumbnails": videos.thumbnails(video.id),
        "videoOwnerChannelTitle": name,
        "videoOwnerChannelId": channel,
    }


def _content_details(video: Video) -> dict[str, Any]:
    if video.availability in _UNAVAILABLE_TEXTS:
        return {"videoId": video.id}
    return {"videoId": video.id, "videoPublishedAt": videos.timestamp(video.published)}


def _status(video: Video) -> dict[str, Any]:
    # A deleted video's status is "privacyStatusUnspecified", which the document doesn't list.
    if video.availability is Availability.DELETED:
        return {}
    hidden = video.availability is Availability.PRIVATE
    return {"privacyStatus": "private" if hidden else "public"}


_PARTS: dict[str, Callable[[Video], dict[str, Any]]] = {
    "snippet": _snippet,
    "contentDetails": _content_details,
    "status": _status,
}
