"""How fast requests may follow each other: a rate that gives way when S3 asks for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from time import monotonic, sleep

CEILING = 300.0
"""Restore requests a second; an account may make about 1,000, and we are not alone.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/archival-storage.html
"""
FLOOR = 1.0


@dataclass(frozen=True)
class Pace:
    """Requests a second now, and when the next one may go.

    Args:
        ceiling: the rate is never above it.
        rate: requests a second.
        next_at: on the clock that `taken` is given, in seconds.
    """

    ceiling: float
    rate: float
    next_at: float = 0.0


def taken(pace: Pace, now: float) -> tuple[Pace, float]:
    """Let one request go.

    Returns:
        The pace afterwards, and how many seconds the request has to wait.
    """
    start = max(pace.next_at, now)
    return replace(pace, next_at=start + 1 / pace.rate), start - now


def slowed(pace: Pace) -> Pace:
    """S3 said that it is too fast: half of it."""
    return replace(pace, rate=max(FLOOR, pace.rate / 2))


def eased(pace: Pace) -> Pace:
    """A request went well: a little faster, so that the ceiling is reached again."""
    return replace(pace, rate=min(pace.ceiling, pace.rate + pace.ceiling / 1000))


class Pacer:
    """A pace that threads share."""

    def __init__(self, ceiling: float = CEILING) -> None:
        self._pace = Pace(ceiling, ceiling)
        self._lock = Lock()
        self._slowed_at = 0.0

    def wait(self) -> None:
        """Wait until a request may go."""
        with self._lock:
            self._pace, seconds = taken(self._pace, monotonic())
        if seconds > 0:
            sleep(seconds)

    def slow_down(self) -> None:
        """Go slower; many who say so within a second are one."""
        with self._lock:
            now = monotonic()
            if now - self._slowed_at >= 1:
                self._slowed_at = now
                self._pace = slowed(self._pace)

    def ease(self) -> None:
        """Go a little faster."""
        with self._lock:
            self._pace = eased(self._pace)
