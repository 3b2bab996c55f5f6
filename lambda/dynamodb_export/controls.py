"""How a caller watches and stops a scan."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Controls:
    """Without any: no time limit, nobody stops it, nobody watches.

    Args:
        time_left: seconds until the run must have ended.
        stopped: whether somebody asked to give the export up.
        expect: told once about how many items there will be.
        watch: told how many items are written, again and again.
    """

    time_left: Callable[[], float] = lambda: math.inf
    stopped: Callable[[], bool] = lambda: False
    expect: Callable[[int], None] = lambda _: None
    watch: Callable[[int], None] = lambda _: None
