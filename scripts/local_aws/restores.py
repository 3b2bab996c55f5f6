"""Copies of archived objects: asked for, under way, there for some days, and gone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

RESTORE_SECONDS = 5.0
"""How long a restore takes here; in AWS up to two days."""


@dataclass(frozen=True)
class Restore:
    """The temporary copy of an archived object.

    Attributes:
        ready: When it is there, UTC.
        expiry: When it is gone: a midnight, UTC.
    """

    ready: datetime
    expiry: datetime

    def under_way(self, now: datetime) -> bool:
        """Whether it is asked for, but not there yet."""
        return now < self.ready

    def header(self, now: datetime) -> str:
        """What `x-amz-restore` says of it."""
        if self.under_way(now):
            return 'ongoing-request="true"'
        return f'ongoing-request="false", expiry-date="{self.expiry:%a, %d %b %Y %H:%M:%S GMT}"'


def expiry(ready: datetime, days: int) -> datetime:
    """When a copy is gone: after so many days, at the next midnight UTC.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html
    """
    until = ready + timedelta(days=days)
    return datetime(until.year, until.month, until.day, tzinfo=UTC) + timedelta(days=1)


class Restores:
    """Every restore that is under way or not yet expired, by the object it is of."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.seconds = RESTORE_SECONDS
        self._clock = clock
        self._restores: WeakKeyDictionary[Any, Restore] = WeakKeyDictionary()
        self._changing = threading.RLock()

    def of(self, key: Any) -> Restore | None:
        """The copy of an object, if it is under way or there."""
        found = self._restores.get(key)
        return found if found and self._clock() < found.expiry else None

    def begin(self, key: Any, days: int) -> Restore | None:
        """Ask for a copy, or for one that is there to stay so many days from now.

        Returns:
            What there was before; nothing is changed if that was under way.
        """
        with self._changing:
            now, known = self._clock(), self.of(key)
            if known and known.under_way(now):
                return known
            ready = known.ready if known else now + timedelta(seconds=self.seconds)
            self._restores[key] = Restore(ready, expiry(max(ready, now), days))
            return known

    def header(self, key: Any) -> str | None:
        """What `x-amz-restore` says of an object, if anything."""
        found = self.of(key)
        return found.header(self._clock()) if found else None

    def is_under_way(self, restore: Restore) -> bool:
        """Whether a restore is under way now."""
        return restore.under_way(self._clock())

    def complete(self) -> int:
        """Let every restore under way be done now; how many there were."""
        with self._changing:
            now = self._clock()
            waiting = [(key, each) for key, each in self._restores.items() if each.under_way(now)]
            for key, each in waiting:
                self._restores[key] = replace(each, ready=now)
            return len(waiting)

    def expire(self) -> int:
        """Let every copy be gone now, also those under way; how many there were."""
        with self._changing:
            count = len(self._restores)
            self._restores.clear()
            return count


RESTORES = Restores()
