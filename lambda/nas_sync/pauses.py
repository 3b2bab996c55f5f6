"""Pauses before something is tried again."""

from __future__ import annotations

import random


def pause(tries: int, shortest: float, longest: float) -> float:
    """Seconds to wait: twice as long each time, and another number for each of many functions.

    Args:
        tries: that were in vain, 1 or more.
        shortest: the least, before the first repetition.
        longest: the most, however often it was tried.
    """
    most = min(longest, shortest * 2**tries)
    return random.uniform(most / 2, most)  # noqa: S311 - no secret hangs on it
