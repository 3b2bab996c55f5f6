"""A channel as channels.list answers it."""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from scripts.youtube_stand_in import ids, videos, words
from scripts.youtube_stand_in.world import FIRST_DAY, Trait, World


def resource(world: World, number: int, parts: Collection[str]) -> dict[str, Any]:
    """The channel resource with these parts."""
    made = {part: _PARTS[part](world, number) for part in parts if part in _PARTS}
    channel = world.channel_ids[number]
    return {
        "kind": "youtube#channel",
        "etag": ids.etag(channel, *made, world.fingerprints[number]),
        "id": channel,
        **made,
    }


def _snippet(world: World, number: int) -> dict[str, Any]:
    texts = {"title": words.channel_name(world.seed, number)}
    texts["description"] = words.CHANNEL_DESCRIPTION.format(name=texts["title"])
    sizes = {"default": 88, "medium": 240, "high": 800}
    picture = f"https://yt3.ggpht.com/{world.channel_ids[number]}"
    first = videos.upload(world, number, 0).published.date() if world.uploads(number) else FIRST_DAY
    return {
        **texts,
        "customUrl": world.handles[number],
        "publishedAt": (first - timedelta(days=30)).strftime("%Y-%m-%dT09:12:34.56789Z"),
        "thumbnails": {
            name: {"url": f"{picture}=s{size}", "width": size, "height": size}
            for name, size in sizes.items()
        },
        "localized": texts,
        "country": "JP",
    }


def _content_details(world: World, number: int) -> dict[str, Any]:
    uploads = ids.uploads_id(world.channel_ids[number])
    return {"relatedPlaylists": {"likes": "", "uploads": uploads}}


def _statistics(world: World, number: int) -> dict[str, Any]:
    drawn = videos.draw(world, number, -1)
    days = (world.day - FIRST_DAY).days
    subscribers = _three_digits(int(50 * 1.0002**drawn.fans) + days * (drawn.likes % 100))
    uploads = world.visible_videos(number)
    hidden = world.has(number, Trait.HIDDEN_SUBSCRIBERS)
    counts = {
        "viewCount": str(uploads * (subscribers + 100 * days)),
        "subscriberCount": str(0 if hidden else subscribers),
        "hiddenSubscriberCount": hidden,
        "videoCount": str(uploads),
    }
    # YouTube answers a hidden count as 0 or not at all: readers must take both for "unknown".
    if hidden and number % 2:
        del counts["subscriberCount"]
    return counts


def _status(_world: World, _number: int) -> dict[str, Any]:
    return {
        "privacyStatus": "public",
        "isLinked": True,
        "longUploadsStatus": "longUploadsUnspecified",
        "madeForKids": False,
    }


def _branding_settings(world: World, number: int) -> dict[str, Any]:
    return {"channel": {"title": words.channel_name(world.seed, number), "country": "JP"}}


def _three_digits(count: int) -> int:
    """The count as YouTube publishes it: three figures, the rest rounded down."""
    scale = int("1" + "0" * (len(str(count)) - 3))
    return count // scale * scale


_PARTS: dict[str, Callable[[World, int], dict[str, Any]]] = {
    "snippet": _snippet,
    "contentDetails": _content_details,
    "statistics": _statistics,
    "status": _status,
    "brandingSettings": _branding_settings,
}
