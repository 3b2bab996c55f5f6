"""Faults the stand-in commits on demand, by counting calls: the same calls, the same faults."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from scripts.youtube_stand_in import errors
from scripts.youtube_stand_in.api import METHODS, Query
from scripts.youtube_stand_in.errors import ErrorAnswer


class Kind(StrEnum):
    """What the client meets."""

    BAD_KEY = "badKey"
    KEY_INVALID = "keyInvalid"
    QUOTA_EXCEEDED = "quotaExceeded"
    RATE_LIMIT_EXCEEDED = "rateLimitExceeded"
    FORBIDDEN = "forbidden"
    PLAYLIST_NOT_FOUND = "playlistNotFound"
    CHANNEL_NOT_FOUND = "channelNotFound"
    TOO_MANY_REQUESTS = "tooManyRequests"
    BACKEND_ERROR = "backendError"
    BAD_GATEWAY = "badGateway"
    """502 with a page of HTML, as a proxy on the way answers."""
    SERVICE_UNAVAILABLE = "serviceUnavailable"
    SLOW = "slow"
    """The right answer, `delay` seconds late."""
    DROPPED = "dropped"
    """The connection closes before any answer."""
    CUT = "cut"
    """The connection closes in the middle of the body."""
    TRUNCATED = "truncated"
    """A whole answer with half of the JSON."""


ANSWERS: Mapping[Kind, ErrorAnswer] = {
    Kind.BAD_KEY: errors.BAD_KEY,
    Kind.KEY_INVALID: errors.KEY_INVALID,
    Kind.QUOTA_EXCEEDED: errors.QUOTA_EXCEEDED,
    Kind.RATE_LIMIT_EXCEEDED: errors.RATE_LIMIT_EXCEEDED,
    Kind.FORBIDDEN: errors.FORBIDDEN,
    Kind.PLAYLIST_NOT_FOUND: errors.PLAYLIST_NOT_FOUND,
    Kind.CHANNEL_NOT_FOUND: errors.CHANNEL_NOT_FOUND,
    Kind.TOO_MANY_REQUESTS: errors.TOO_MANY_REQUESTS,
    Kind.BACKEND_ERROR: errors.BACKEND_ERROR,
    Kind.SERVICE_UNAVAILABLE: errors.SERVICE_UNAVAILABLE,
}
"""What is answered to a call with a fault that is an error of Google's."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Which calls fail, and how. Without further members: the next call, once.

    Of the calls it applies to, those to `method` that mention the id, handle or page token
    `about`, it hits number `first` and every `every`-th after that, `times` in all (None: without
    end), until `seconds` have passed since it was set.
    """

    kind: Kind
    method: str | None = None
    about: str | None = None
    first: int = 1
    every: int = 1
    times: int | None = 1
    seconds: float | None = None
    delay: float = 0.0

    def __post_init__(self) -> None:
        if self.method not in {None, *METHODS}:
            raise ValueError(f"a fault's method is one of {', '.join(METHODS)}, not {self.method}")
        if self.first < 1 or self.every < 1:
            raise ValueError("a fault's first and every are 1 or more")

    def applies(self, method: str, query: Query) -> bool:
        """Whether a call is among those that the fault counts."""
        if self.method not in (None, method):
            return False
        return self.about is None or any(
            self.about in value.split(",") for name, value in query.items() if name != "key"
        )

    def hits(self, nth: int, already: int, seconds: float) -> bool:
        """Whether the `nth` call it counts fails, `already` having failed, `seconds` after set."""
        if self.times is not None and already >= self.times:
            return False
        if self.seconds is not None and seconds > self.seconds:
            return False
        return nth >= self.first and (nth - self.first) % self.every == 0


@dataclass
class _Count:
    fault: Fault
    since: float
    calls: int = 0
    hits: int = 0


@dataclass
class Faults:
    """Faults that are set, with what each has counted."""

    clock: Callable[[], float] = time.monotonic
    _counts: list[_Count] = field(default_factory=list)

    def set(self, faults: Iterable[Fault]) -> None:
        """Forget the faults there were, counts included, and set these."""
        self._counts = [_Count(fault, self.clock()) for fault in faults]

    def next(self, method: str, query: Query) -> Fault | None:
        """The fault that a call meets, the first set when there are several. Counts the call."""
        met = None
        for count in self._counts:
            if not count.fault.applies(method, query):
                continue
            count.calls += 1
            seconds = self.clock() - count.since
            if met is None and count.fault.hits(count.calls, count.hits, seconds):
                count.hits += 1
                met = count.fault
        return met


def from_json(members: Mapping[str, Any]) -> Fault:
    """A fault from its members. Raises ValueError or TypeError when one is wrong."""
    return Fault(**{**members, "kind": Kind(members["kind"])})


def to_json(fault: Fault) -> dict[str, Any]:
    """The fault in the form that `from_json` reads."""
    return asdict(fault)
