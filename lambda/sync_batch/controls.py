"""How a caller watches and steers a run."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import IntEnum


class Brake(IntEnum):
    """What a caller asks a run to do."""

    OFF = 0
    FINISH = 1  # begin no more channels
    DROP = 2  # leave the channels under way, too


@dataclass
class Tally:
    """Numbers that grow while a run works; they stay when it fails."""

    channels_total: int = 0
    channels_read: int = 0  # completely
    channels_waiting: int = 0  # for the next run
    videos_total: int = 0  # as the channels tell
    videos_read: int = 0
    quota_used: int = 0  # units
    rows: dict[str, int] = field(default_factory=dict)  # merged, by table
    seconds: dict[str, float] = field(default_factory=dict)  # by phase

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure what happens within, also when it fails."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = time.monotonic() - began


@dataclass(frozen=True)
class Controls:
    """Without any: no time limit, no brake, nobody watches.

    Args:
        time_left: seconds until the run must have ended.
        brake: what is asked for just now.
        tally: counts what happens.
        watch: called whenever the tally has grown.
    """

    time_left: Callable[[], float] = lambda: math.inf
    brake: Callable[[], Brake] = lambda: Brake.OFF
    tally: Tally = field(default_factory=Tally)
    watch: Callable[[], None] = lambda: None
