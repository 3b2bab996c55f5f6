"""Things taken so many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` things each; the last may be shorter."""
    remaining = iter(things)
    while batch := list(islice(remaining, size)):
        yield batch
