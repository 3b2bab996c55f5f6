"""Reserved concurrency: how many executions of a function may run at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class ThrottledError(Exception):
    """All reserved executions of a function are in use, or none is reserved at all.

    Attributes:
        reserved: How many it has.
    """

    def __init__(self, reserved: int) -> None:
        super().__init__("Rate Exceeded.")  # AWS's words
        self.reserved = reserved


class Slots:
    """Counts the running executions of every function."""

    def __init__(self) -> None:
        self._running: Counter[str] = Counter()
        self._counting = threading.Lock()

    @contextmanager
    def slot(self, function: str, reserved: int | None) -> Iterator[None]:
        """Count one execution while it runs.

        Args:
            function: Its name; all versions share what is reserved.
            reserved: Its reserved concurrency; None is no limit.

        Raises:
            ThrottledError: There is no free slot.
        """
        with self._counting:
            if reserved is not None and self._running[function] >= reserved:
                raise ThrottledError(reserved)
            self._running[function] += 1
        try:
            yield
        finally:
            with self._counting:
                self._running[function] -= 1
