"""The stand-in's YouTube: a few numbers from which every channel and video follows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from scripts.youtube_stand_in import ids, words

FIRST_DAY = date(2026, 1, 1)


class Trait(StrEnum):
    """What is unusual about a channel or its videos."""

    DELETED = "deleted"
    HIDDEN_SUBSCRIBERS = "hidden_subscribers"
    HIDDEN_LIKES = "hidden_likes"
    COMMENTS_DISABLED = "comments_disabled"
    LIVE = "live"
    """The newest video is announced and the one before it live."""
    UNAVAILABLE_VIDEOS = "unavailable_videos"
    """Every seventh video is deleted and every eleventh private."""


class Availability(StrEnum):
    """What a visitor finds at a video's address."""

    PUBLIC = "public"
    LIVE = "live"
    UPCOMING = "upcoming"
    PRIVATE = "private"
    DELETED = "deleted"


_HIDDEN = (Availability.PRIVATE, Availability.DELETED)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel: `videos` were there on FIRST_DAY, `uploads_per_day` came on each day since."""

    videos: int = 100
    uploads_per_day: int = 0
    traits: frozenset[Trait] = frozenset()

    def __post_init__(self) -> None:
        if self.videos < 0 or self.uploads_per_day < 0:
            raise ValueError("a channel's videos and uploads_per_day are 0 or more")


@dataclass(frozen=True)
class World:
    """Channels as they stand on a day. Equal worlds answer every request alike.

    A channel is addressed by its number, which is its position in `channels`; a video by its
    channel's number and its index, 0 being the oldest upload.
    """

    channels: tuple[Channel, ...]
    seed: int = 1
    day: date = FIRST_DAY

    def __post_init__(self) -> None:
        if self.day < FIRST_DAY:
            raise ValueError(f"a world's day is {FIRST_DAY} or later, not {self.day}")

    @cached_property
    def channel_ids(self) -> tuple[str, ...]:
        """The id of each channel, in order."""
        return tuple(ids.channel_id(self.seed, number) for number in range(len(self.channels)))

    @cached_property
    def handles(self) -> tuple[str, ...]:
        """The handle of each channel, @ included, in order."""
        return tuple(words.handle(self.seed, number) for number in range(len(self.channels)))

    def find_channel(self, channel_id: str) -> int | None:
        """The number of the channel with this id; None when there is none."""
        return self._numbers_by_id.get(channel_id)

    def find_handle(self, handle: str) -> int | None:
        """The number of the channel with this handle, @ included; None when there is none."""
        return self._numbers_by_handle.get(handle)

    @cached_property
    def _numbers_by_id(self) -> dict[str, int]:
        return self._existing(self.channel_ids)

    @cached_property
    def _numbers_by_handle(self) -> dict[str, int]:
        return self._existing(self.handles)

    def _existing(self, names: tuple[str, ...]) -> dict[str, int]:
        return {name: n for n, name in enumerate(names) if not self.has(n, Trait.DELETED)}

    def has(self, number: int, trait: Trait) -> bool:
        """Whether channel `number` has a trait."""
        return trait in self.channels[number].traits

    @cached_property
    def fingerprints(self) -> tuple[str, ...]:
        """All that decides what is answered about each channel, for etags."""
        return tuple(
            f"{self.seed} {self.day} {c.videos} {c.uploads_per_day} {sorted(c.traits)}"
            for c in self.channels
        )

    def uploads(self, number: int) -> int:
        """How many entries the channel's uploads playlist has, hidden videos included."""
        channel = self.channels[number]
        return channel.videos + channel.uploads_per_day * (self.day - FIRST_DAY).days

    def availability(self, number: int, index: int) -> Availability:
        """What a visitor finds at the address of a video that was uploaded."""
        if self.has(number, Trait.LIVE):
            from_newest = self.uploads(number) - 1 - index
            if from_newest < 2:
                return (Availability.UPCOMING, Availability.LIVE)[from_newest]
        if self.has(number, Trait.UNAVAILABLE_VIDEOS):
            return _AVAILABILITY_CYCLE[index % len(_AVAILABILITY_CYCLE)]
        return Availability.PUBLIC

    def is_visible(self, number: int, index: int) -> bool:
        """Whether videos.list answers with this video."""
        return self.availability(number, index) not in _HIDDEN

    def visible_videos(self, number: int) -> int:
        """How many of the channel's uploads a visitor can see."""
        uploads = self.uploads(number)
        if not self.has(number, Trait.UNAVAILABLE_VIDEOS):
            return uploads
        newest = range(max(uploads - 2, 0), uploads)
        older_cycles, rest = divmod(newest.start, len(_AVAILABILITY_CYCLE))
        visible_per_cycle = sum(state not in _HIDDEN for state in _AVAILABILITY_CYCLE)
        return (
            older_cycles * visible_per_cycle
            + sum(state not in _HIDDEN for state in _AVAILABILITY_CYCLE[:rest])
            + sum(self.is_visible(number, index) for index in newest)
        )

    def find_video(self, video: str) -> tuple[int, int] | None:
        """The channel number and index of a video visitors can see; None for any other id."""
        place = ids.parse_video_id(self.seed, video)
        if place is None:
            return None
        number, index = place
        exists = number < len(self.channels) and index < self.uploads(number)
        seen = exists and not self.has(number, Trait.DELETED) and self.is_visible(number, index)
        return place if seen else None

    def videos(self) -> Iterator[str]:
        """The id of every video that videos.list answers with, channel by channel."""
        for number in range(len(self.channels)):
            if not self.has(number, Trait.DELETED):
                for index in range(self.uploads(number)):
                    if self.is_visible(number, index):
                        yield ids.video_id(self.seed, number, index)


DEMO = World(
    channels=(
        Channel(320),
        Channel(150, uploads_per_day=1),
        Channel(64, traits=frozenset({Trait.HIDDEN_SUBSCRIBERS})),
        Channel(90, traits=frozenset({Trait.LIVE})),
        Channel(77, traits=frozenset({Trait.UNAVAILABLE_VIDEOS})),
        Channel(41, traits=frozenset({Trait.HIDDEN_LIKES})),
        Channel(35, traits=frozenset({Trait.COMMENTS_DISABLED})),
        Channel(0),
        Channel(12, traits=frozenset({Trait.DELETED})),
    )
)
"""One channel of each kind, 777 uploads."""


def uniform(channels: int, videos: int, seed: int = 1) -> World:
    """A world of ordinary channels with the same number of videos each."""
    return World((Channel(videos),) * channels, seed)


def from_json(changes: Mapping[str, Any], world: World) -> World:
    """`world` with the given members (seed, day as YYYY-MM-DD, channels) replaced.

    Raises ValueError or TypeError when a member is unknown or has no such value.
    """
    members = dict(changes)
    if "day" in members:
        members["day"] = date.fromisoformat(members["day"])
    if "channels" in members:
        members["channels"] = tuple(_channel(channel) for channel in members["channels"])
    return replace(world, **members)


def to_json(world: World) -> dict[str, Any]:
    """The world in the form that `from_json` reads."""
    channels = [
        {"videos": c.videos, "uploads_per_day": c.uploads_per_day, "traits": sorted(c.traits)}
        for c in world.channels
    ]
    return {"seed": world.seed, "day": world.day.isoformat(), "channels": channels}


def _channel(members: Mapping[str, Any]) -> Channel:
    traits = frozenset(map(Trait, members.get("traits", ())))
    return Channel(**{**members, "traits": traits})


def _hidden_or_public(index: int) -> Availability:
    if index % 7 == 3:
        return Availability.DELETED
    return Availability.PRIVATE if index % 11 == 5 else Availability.PUBLIC


_AVAILABILITY_CYCLE = tuple(map(_hidden_or_public, range(7 * 11)))
