"""Ends a run in which everything fails for the same cause."""

from __future__ import annotations

from threading import Lock

_MANY = 32  # failures in a row with one code

Cause = tuple[str, str, str]


class Halt:
    """Whether the rest is still worth trying; asked and told by many threads.

    Attributes:
        cause: stage, code and message that everything else fails with; None while it goes on.
    """

    def __init__(self) -> None:
        self.cause: Cause | None = None
        self._code = ""
        self._count = 0
        self._lock = Lock()

    def now(self, stage: str, code: str, message: str) -> Cause:
        """Try no more."""
        self.cause = (stage, code, message)
        return self.cause

    def failed(self, stage: str, code: str, message: str) -> None:
        """Count a failure whose cause may concern everything."""
        with self._lock:
            self._count = self._count + 1 if code == self._code else 1
            self._code = code
            if self._count >= _MANY:
                self.now(stage, code, f"{message}（続けて{_MANY}件が同じ理由で失敗したため中止）")

    def succeeded(self) -> None:
        """Something worked: it goes on."""
        with self._lock:
            self._count = 0
