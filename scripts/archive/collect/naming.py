"""Which names a collected file may get, the best first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count

from scripts.archive.clock import TOKYO

LIMIT = 255
"""Most bytes of a name on the file systems of Linux."""
_LONGEST_EXTENSION = 32


def candidates(name: str, archived_at: datetime) -> Iterator[str]:
    """The name itself, then with the day of archiving in Tokyo, then with a counter too.

    None is longer than a file system takes: the stem is cut.
    """
    stem, extension = _split(name)
    day = f"_{archived_at.astimezone(TOKYO):%Y%m%d}"
    yield _fitted(stem, "", extension)
    yield _fitted(stem, day, extension)
    for number in count(2):
        yield _fitted(stem, f"{day}_{number}", extension)


def _split(name: str) -> tuple[str, str]:
    stem, dot, extension = name.rpartition(".")
    if not stem.strip(".") or len(extension.encode()) > _LONGEST_EXTENSION:
        return name, ""
    return stem, dot + extension


def _fitted(stem: str, suffix: str, extension: str) -> str:
    room = LIMIT - len((suffix + extension).encode())
    return stem.encode()[:room].decode(errors="ignore") + suffix + extension
