"""Many things at once, but only so many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_SLICES = 64


def unordered(
    pool: Executor, function: Callable[[T], R], inputs: Iterable[T], *, ahead: int
) -> Iterator[R]:
    """The function's results as they come.

    Args:
        inputs: read by the caller's thread, as they are needed.
        ahead: most that are given to the pool and not yet taken from here.
    """
    remaining = iter(inputs)
    running: set[Future[R]] = set()
    while True:
        running.update(
            pool.submit(function, each) for each in islice(remaining, ahead - len(running))
        )
        if not running:
            return
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()


def mapped(pool: Executor, function: Callable[[T], R], things: Sequence[T]) -> Iterator[R]:
    """The function's results in order, worked out in slices: a thread for each would cost more."""
    size = len(things) // _SLICES + 1
    slices = (things[start : start + size] for start in range(0, len(things), size))
    for results in pool.map(lambda part: [function(thing) for thing in part], slices):
        yield from results
