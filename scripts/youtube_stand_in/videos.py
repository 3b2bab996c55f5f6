"""A video as videos.list answers it: every figure follows from the world, the id and the day."""

import hashlib
import struct
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple

from scripts.youtube_stand_in import ids, words
from scripts.youtube_stand_in.world import FIRST_DAY, Availability, Channel, Trait, World

_START = datetime.combine(FIRST_DAY, time(), UTC)
_HISTORY = timedelta(days=3650)
_LONGEST_PAUSE = timedelta(days=7)


class Draw(NamedTuple):
    """The numbers, 0..65535, that decide what a video is like."""

    fans: int
    likes: int
    comments: int
    duration: int
    moment: int
    thing: int
    title: int
    awkward: int


@dataclass(frozen=True, slots=True)
class Video:
    """An upload and what its parts are made from."""

    world: World
    number: int
    index: int
    id: str
    draw: Draw
    published: datetime
    availability: Availability


def draw(world: World, number: int, index: int) -> Draw:
    """The numbers that decide what upload `index` of channel `number` is like."""
    digest = hashlib.blake2b(b"%d/%d/%d" % (world.seed, number, index), digest_size=16).digest()
    return Draw._make(struct.unpack("<8H", digest))


def upload(world: World, number: int, index: int) -> Video:
    """Upload `index` of channel `number`."""
    drawn = draw(world, number, index)
    return Video(
        world,
        number,
        index,
        ids.video_id(world.seed, number, index),
        drawn,
        _published(world.channels[number], index, drawn),
        world.availability(number, index),
    )


def resource(video: Video, parts: Collection[str]) -> dict[str, Any]:
    """The video resource with these parts; a part that YouTube would leave out is left out."""
    made = {part: _PARTS[part](video) for part in parts if part in _PARTS}
    return {
        "kind": "youtube#video",
        "etag": ids.etag(video.id, *made, video.world.fingerprints[video.number]),
        "id": video.id,
        **{part: members for part, members in made.items() if members},
    }


def timestamp(moment: datetime) -> str:
    """A time as YouTube writes it, to the second."""
    return moment.isoformat()[:19] + "Z"


def texts(video: Video) -> dict[str, str]:
    """The video's title and description; every eighth description is empty."""
    drawn, theme = video.draw, words.theme(video.world.seed, video.number)
    facts = {"theme": theme.name, "thing": _thing(video), "count": video.index + 1}
    if drawn.awkward % 61 == 0:
        title = words.AWKWARD_TITLES[drawn.title % len(words.AWKWARD_TITLES)]
    else:
        title = words.TITLES[drawn.title % len(words.TITLES)].format_map(facts)
    described = drawn.awkward % 8 != 0
    description = words.DESCRIPTION.format_map({**facts, "video": video.id}) if described else ""
    return {"title": title, "description": description}


def thumbnails(video: str) -> dict[str, Any]:
    """The pictures of a video."""
    sizes = {"default": (120, 90), "medium": (320, 180), "high": (480, 360)}
    return {
        name: {
            "url": f"https://i.ytimg.com/vi/{video}/{name}.jpg",
            "width": width,
            "height": height,
        }
        for name, (width, height) in sizes.items()
    }


def views(video: Video) -> int:
    """How often it was watched: more each day, now and then above 2³¹, none before it begins."""
    if video.availability is Availability.UPCOMING:
        return 0
    viral = 5000 if video.draw.fans > 65500 else 1
    fans = int(20 * 1.0002**video.draw.fans) * viral
    days = (video.world.day - video.published.date()).days
    return fans * (days + 1) // (days + 6) + (fans // 500 + 1) * days


def _snippet(video: Video) -> dict[str, Any]:
    world, number = video.world, video.number
    theme = words.theme(world.seed, number)
    title_and_description = texts(video)
    broadcast = video.availability
    return {
        "publishedAt": timestamp(video.published),
        "channelId": world.channel_ids[number],
        **title_and_description,
        "thumbnails": thumbnails(video.id),
        "channelTitle": words.channel_name(world.seed, number),
        "tags": [theme.name, _thing(video), "日本"],
        "categoryId": theme.category,
        "liveBroadcastContent": "none" if broadcast is Availability.PUBLIC else broadcast.value,
        "defaultLanguage": "ja",
        "localized": title_and_description,
        "defaultAudioLanguage": "ja",
    }


def _content_details(video: Video) -> dict[str, Any]:
    return {
        "duration": _duration(video),
        "dimension": "2d",
        "definition": "hd",
        "caption": "true" if video.draw.awkward % 3 == 0 else "false",
        "licensedContent": True,
        "contentRating": {},
        "projection": "rectangular",
    }


def _statistics(video: Video) -> dict[str, Any]:
    count = views(video)
    counts = {"viewCount": str(count)}
    if not video.world.has(video.number, Trait.HIDDEN_LIKES):
        counts["likeCount"] = str(count * (10 + video.draw.likes % 50) // 1000)
    counts["favoriteCount"] = "0"
    if not video.world.has(video.number, Trait.COMMENTS_DISABLED):
        counts["commentCount"] = str(count * (video.draw.comments % 8) // 1000)
    return counts


def _status(video: Video) -> dict[str, Any]:
    return {
        "uploadStatus": "processed" if video.availability is Availability.PUBLIC else "uploaded",
        "privacyStatus": "public",
        "license": "youtube",
        "embeddable": True,
        "publicStatsViewable": not video.world.has(video.number, Trait.HIDDEN_LIKES),
        "madeForKids": False,
    }


def _live_streaming_details(video: Video) -> dict[str, Any]:
    if video.availability is Availability.PUBLIC:
        return {}
    if video.availability is Availability.UPCOMING:
        return {"scheduledStartTime": timestamp(video.published + timedelta(days=14))}
    return {
        "actualStartTime": timestamp(video.published),
        "scheduledStartTime": timestamp(video.published),
        "concurrentViewers": str(video.draw.fans),
    }


def _duration(video: Video) -> str:
    if video.availability is not Availability.PUBLIC:
        return "P0D"
    longest = (60, 900, 1800, 14400)[video.draw.duration % 4]
    minutes, seconds = divmod(1 + video.draw.duration % longest, 60)
    hours, minutes = divmod(minutes, 60)
    figures = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    return "PT" + "".join(f"{figure}{unit}" for figure, unit in figures if figure)


def _thing(video: Video) -> str:
    things = words.theme(video.world.seed, video.number).things
    return things[video.draw.thing % len(things)]


def _published(channel: Channel, index: int, drawn: Draw) -> datetime:
    """When it was uploaded: earlier indexes earlier, and never after the world's day."""
    moment = drawn.moment / 0x10000
    if index < channel.videos:
        pause = min(_LONGEST_PAUSE, _HISTORY / channel.videos)
        return _START - pause * (channel.videos - index - moment)
    day, place = divmod(index - channel.videos, channel.uploads_per_day)
    return _START + timedelta(days=day) + timedelta(days=place + moment) / channel.uploads_per_day


_PARTS: dict[str, Callable[[Video], dict[str, Any]]] = {
    "snippet": _snippet,
    "contentDetails": _content_details,
    "statistics": _statistics,
    "status": _status,
    "liveStreamingDetails": _live_streaming_details,
}
