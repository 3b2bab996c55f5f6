"""Work done a little ahead of those who use its results, in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Executor, Future
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


def ahead(
    pool: Executor, work: Callable[[Given], Made], items: Iterable[Given], most: int
) -> Generator[tuple[Given, Made], None, None]:
    """Each item with what was made of it.

    Args:
        pool: in which work is done.
        work: what is done with an item.
        items: any number of them.
        most: how many are under way at the same time.
    """
    under_way: deque[tuple[Given, Future[Made]]] = deque()
    try:
        for item in items:
            if len(under_way) >= most:
                first, future = under_way.popleft()
                yield first, future.result()
            under_way.append((item, pool.submit(work, item)))
        while under_way:
            first, future = under_way.popleft()
            yield first, future.result()
    finally:
        for _, future in under_way:
            future.cancel()
