"""How fast archiving is: what the run before measured tells how long the next one takes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

FILE_EQUIVALENT = 256 * 1024
"""Bytes that could be sent in the time that a file takes beside its bytes."""

ASSUMED = 50 * 1024**2
"""Bytes a second, before any run measured it."""

_NAME = "archive_put_pace.json"
_SHORTEST = 2.0  # seconds; a shorter run tells nothing


@dataclass(frozen=True)
class Pace:
    """How much is done in a second.

    Args:
        rate: bytes a second, each file counted as `FILE_EQUIVALENT` more.
        measured: whether a run measured it.
    """

    rate: float
    measured: bool

    def seconds(self, files: int, size: int) -> float:
        """How long so many files with so many bytes take."""
        return work(files, size) / self.rate

    @classmethod
    def of_last_run(cls, folder: Path) -> Self:
        """What the last run remembered; the assumption, where there was none.

        Args:
            folder: of the reports.
        """
        try:
            rate = json.loads((folder / _NAME).read_text("utf-8"))["bytes_per_second"]
            return cls(max(float(rate), 1.0), measured=True)
        except (OSError, ValueError, KeyError, TypeError):
            return cls(ASSUMED, measured=False)


def work(files: int, size: int) -> int:
    """How much there is to do, in bytes."""
    return size + files * FILE_EQUIVALENT


def remember(folder: Path, files: int, size: int, seconds: float) -> None:
    """Keep how fast a run was, for the next one's preview.

    Args:
        folder: of the reports; a file that can't be written there is not missed.
        files: that were sent.
        size: bytes that were sent.
        seconds: that it took.
    """
    if not files or seconds < _SHORTEST:
        return
    text = json.dumps({"bytes_per_second": round(work(files, size) / seconds)})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _NAME).write_text(text + "\n", "utf-8")
    except OSError:
        return
