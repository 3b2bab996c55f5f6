"""Mount targets in time: being created, then available, or whatever a test wants of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

MOUNT_TARGET_SECONDS = 1.0
"""How long it takes here to create or delete one; in AWS a minute or two."""


class Ending(StrEnum):
    """What becomes of a mount target that is being created."""

    AVAILABLE = "available"
    CREATING = "creating"  # for ever
    ERROR = "error"


@dataclass(frozen=True)
class _Life:
    settles: datetime
    ending: Ending

    def state(self, now: datetime) -> str:
        return self.ending if now >= self.settles else Ending.CREATING


class MountTargets:
    """The state of every mount target, by its id."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.seconds = MOUNT_TARGET_SECONDS
        self._clock = clock
        self._ending = Ending.AVAILABLE
        self._lives: dict[str, _Life] = {}
        self._deleting: set[str] = set()
        self._changing = threading.Lock()

    def begin(self, target: str) -> None:
        """Let the creation of a mount target begin."""
        with self._changing:
            settles = self._clock() + timedelta(seconds=self.seconds)
            self._lives[target] = _Life(settles, self._ending)

    def state(self, target: str) -> str:
        """`creating`, `available`, `error`, `deleting`; `deleted` of one that has just gone."""
        with self._changing:
            if target in self._deleting:
                return "deleting"
            life = self._lives.get(target)
            return life.state(self._clock()) if life else "deleted"

    def become(self, ending: Ending) -> None:
        """Say what becomes of those that are being created now, and of all later ones."""
        with self._changing:
            self._ending = ending
            now = self._clock()
            for target, life in self._lives.items():
                if life.state(now) == Ending.CREATING:
                    self._lives[target] = replace(life, ending=ending)

    def begin_end(self, target: str) -> bool:
        """Let the deletion of a mount target begin; False if it has begun before."""
        with self._changing:
            new = target not in self._deleting
            self._deleting.add(target)
            return new

    def forget(self, target: str) -> None:
        """A mount target is gone."""
        with self._changing:
            self._deleting.discard(target)
            self._lives.pop(target, None)


MOUNT_TARGETS = MountTargets()
