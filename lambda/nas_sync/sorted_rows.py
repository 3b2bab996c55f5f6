"""Streams of rows that are sorted by key, read side by side with the memory of a row each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypedDict, TypeVar

from batchworks.errors import JobError


class Keyed(TypedDict):
    """What every row has."""

    key: str


Row = TypeVar("Row", bound=Keyed)
Left = TypeVar("Left", bound=Keyed)
Right = TypeVar("Right", bound=Keyed)


def merge(
    left: Iterable[Left], right: Iterable[Right]
) -> Iterator[tuple[Left | None, Right | None]]:
    """Both rows of each key, or the one that is there and None, by key.

    Python compares texts by code points, which is the order of their UTF-8 bytes, and S3's.

    Args:
        left: rows, each key greater than the one before.
        right: likewise.
    """
    lefts, rights = iter(left), iter(right)
    here, there = next(lefts, None), next(rights, None)
    while here is not None and there is not None:
        if here["key"] == there["key"]:
            yield here, there
            here, there = next(lefts, None), next(rights, None)
        elif here["key"] < there["key"]:
            yield here, None
            here = next(lefts, None)
        else:
            yield None, there
            there = next(rights, None)
    while here is not None:
        yield here, None
        here = next(lefts, None)
    while there is not None:
        yield None, there
        there = next(rights, None)


def in_order(rows: Iterable[Row], source: str) -> Iterator[Row]:
    """The rows, as long as each key is greater than the one before.

    Args:
        rows: from outside, sorted by key if all is well.
        source: where they come from, for the error.

    Raises:
        JobError: two aren't in order, or have the same key.
    """
    last = ""
    for row in rows:
        key = row["key"]
        if key <= last:
            raise JobError(f"{source} isn't sorted: {key!r} comes behind {last!r}")
        last = key
        yield row


class Cursor(Generic[Row]):
    """Finds rows whose keys are asked for in their order."""

    def __init__(
        self, rows: Iterable[Row], skipped: Callable[[Row], object] = lambda _: None
    ) -> None:
        """Nothing is read before the first question.

        Args:
            rows: sorted by key.
            skipped: is told of rows that nobody asked for.
        """
        self._rows = iter(rows)
        self._row: Row | None = None
        self._skipped = skipped

    def find(self, key: str) -> Row | None:
        """The row with this key, which is greater than the key before; None where there is none."""
        while (row := self._row or next(self._rows, None)) and row["key"] < key:
            self._skipped(row)
            self._row = None
        if row and row["key"] == key:
            self._row = None
            return row
        self._row = row
        return None

    def finish(self) -> None:
        """Nothing more is asked for."""
        while row := self._row or next(self._rows, None):
            self._skipped(row)
            self._row = None
