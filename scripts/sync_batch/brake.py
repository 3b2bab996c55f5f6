"""Ctrl-C as a brake: once to stop between channels, twice to stop at once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from rich.console import Console

from sync_batch.controls import Brake

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SAID = {
    Brake.FINISH: "Stopping: the channels under way are finished first (again: leave them, too).",
    Brake.DROP: "Stopping now: what is complete is kept.",
}


class Pedal:
    """Counts how often a stop was asked for, and says what happens."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._brake = Brake.OFF

    @contextmanager
    def under_ctrl_c(self) -> Iterator[Callable[[], Brake]]:
        """Take Ctrl-C and SIGTERM as a step on the pedal; gives what is asked for just now."""
        before = {number: signal.signal(number, self._step) for number in _SIGNALS}
        try:
            yield lambda: self._brake
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _step(self, _number: int, _frame: FrameType | None) -> None:
        self._brake = Brake(min(self._brake + 1, Brake.DROP))
        self._console.print(_SAID[self._brake])
