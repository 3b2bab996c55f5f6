"""Objects that hold the results of a work file or of deleted files: parts with ranges of lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True)
class Part:
    """An object with the results of the lines begin to end (exclusive)."""

    key: str
    name: str  # of the work file
    begin: int
    end: int

    @property
    def range(self) -> tuple[int, int]:
        """Which lines it is about."""
        return self.begin, self.end


def part_of(key: str) -> Part:
    """What a key says: `…/<work file>/<begin>-<end>.jsonl`, compressed or not."""
    folder, _, file = key.rpartition("/")
    begin, _, end = file.partition(".")[0].partition("-")
    return Part(key, folder.rsplit("/", 1)[-1], int(begin), int(end))


def by_work_file(keys: Iterable[str]) -> Iterator[tuple[str, list[Part]]]:
    """The parts of each work file.

    Args:
        keys: as S3 lists them.
    """
    for name, parts in groupby(map(part_of, keys), key=lambda part: part.name):
        yield name, list(parts)


def reach(parts: Iterable[Part]) -> int:
    """How many lines have results, from the first one on without a gap.

    Args:
        parts: of one work file, sorted by key; two calls may have worked on the same lines.
    """
    position = 0
    for part in parts:
        if part.begin <= position:
            position = max(position, part.end)
    return position
