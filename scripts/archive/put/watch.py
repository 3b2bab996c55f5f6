"""How far archiving is, and when it will be done."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from scripts.archive.amounts import amount, duration
from scripts.archive.put.pace import work


class Watch:
    """Counts what is sent, and shows it; several threads may count.

    Args:
        files: how many there are to send.
        size: bytes of all of them.
        show: is given the share that is done, 0 to 1, and the words for it.
    """

    def __init__(self, files: int, size: int, show: Callable[[float, str], None]) -> None:
        self.files = files
        self.size = size
        self.files_done = 0
        self.bytes_sent = 0
        self._passed = 0  # bytes of files that were not sent because they are there
        self._show = show
        self._lock = Lock()
        self._began = time.monotonic()

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self._began

    def sent(self, count: int) -> None:
        """So many more bytes have arrived."""
        with self._lock:
            self.bytes_sent += count
            self._tell()

    def done(self, size: int, *, sent: bool) -> None:
        """A file is dealt with.

        Args:
            size: its bytes.
            sent: whether they had to be sent.
        """
        with self._lock:
            self.files_done += 1
            self._passed += 0 if sent else size
            self._tell()

    def _tell(self) -> None:
        passed = min(self.bytes_sent + self._passed, self.size)
        share = work(self.files_done, passed) / max(work(self.files, self.size), 1)
        seconds = self.seconds
        left = seconds / share - seconds if share else 0.0
        rate = self.bytes_sent / seconds if seconds else 0.0
        self._show(
            share,
            f"{self.files_done:,} / {self.files:,} ファイル、"
            f"{amount(passed)} / {amount(self.size)}、毎秒 {amount(rate)}、残り {duration(left)}",
        )
