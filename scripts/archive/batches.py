"""Things taken so many at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_SLICES = 64


def batched(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` things each; the last may be shorter."""
    remaining = iter(things)
    while batch := list(islice(remaining, size)):
        yield batch


def mapped(pool: Executor, function: Callable[[T], R], things: Sequence[T]) -> Iterator[R]:
    """The function's results in order, worked out in slices: a thread for each would cost more."""
    size = len(things) // _SLICES + 1
    slices = (things[start : start + size] for start in range(0, len(things), size))
    for results in pool.map(lambda part: [function(thing) for thing in part], slices):
        yield from results
