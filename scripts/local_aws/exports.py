"""Exports of tables: asked for, in progress, and completed or failed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

EXPORT_SECONDS = 2.0
"""How long an export takes here; in AWS minutes to hours."""


class ExportError(Exception):
    """An export has to fail.

    Attributes:
        code: FailureCode, such as `S3NoSuchBucket`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Work:
    """What an export does when its time has come: either is called, and only once."""

    finish: Callable[[], None]
    fail: Callable[[ExportError], None]
    ended: bool = field(default=False)
    ending: threading.Lock = field(default_factory=threading.Lock)


class Exports:
    """Every export in progress."""

    def __init__(self) -> None:
        self.seconds = EXPORT_SECONDS
        self._open: list[Work] = []
        self._changing = threading.RLock()

    def begin(self, work: Work) -> None:
        """Finish some work in `seconds`, unless it is told to end earlier."""
        with self._changing:
            self._open.append(work)
        timer = threading.Timer(self.seconds, self._end, (work, work.finish))
        timer.daemon = True
        timer.start()

    def count(self) -> int:
        """How many are in progress."""
        with self._changing:
            return len(self._open)

    def complete(self) -> int:
        """Let every export in progress be done now; how many were.

        Afterwards none writes any more, neither one whose time has come just now.
        """
        return sum(self._end(work, work.finish) for work in self._taken())

    def fail(self, code: str, message: str) -> int:
        """Let every export in progress fail now; how many were. Afterwards none writes any more."""
        error = ExportError(code, message)
        return sum(self._end(work, partial(work.fail, error)) for work in self._taken())

    def _taken(self) -> list[Work]:
        with self._changing:
            return list(self._open)

    def _end(self, work: Work, how: Callable[[], None]) -> bool:
        with work.ending:
            if work.ended:
                return False
            work.ended = True
            try:
                how()
            finally:
                with self._changing:
                    self._open.remove(work)
        return True


EXPORTS = Exports()
