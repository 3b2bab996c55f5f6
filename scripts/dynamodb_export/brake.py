"""Ctrl-C as a wish to stop: once to finish what is under way, twice to leave it."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def under_ctrl_c(console: Console, said: str) -> Iterator[Callable[[], bool]]:
    """Take Ctrl-C and SIGTERM as a wish; gives whether there was one. A second one interrupts.

    Args:
        console: of the operator.
        said: what happens now, when he wishes it.
    """
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        console.print(said)

    before = {number: signal.signal(number, note) for number in _SIGNALS}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
