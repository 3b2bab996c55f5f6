"""Reads the segments of a table at the same time and gives their pages in one fixed order.

The order is a round: a page of each segment in turn; a segment that has ended drops out. Each
segment's thread reads ahead by a page or two and then waits, so memory depends on the number of
segments alone.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, Full, Queue

from dynamodb_export.scan.reading import Place

_PAGES_AHEAD = 1  # finished ones that wait for their turn; one more is in the making
_LOOK_SECONDS = 0.2  # until a thread that waits looks whether it should stop
_GOODBYE_SECONDS = 2.0  # a thread that is amid a call ends with the process otherwise


@dataclass(frozen=True)
class Page:
    """Items of a segment, ready to be written."""

    content: bytes
    items: int
    next: Place | None  # None: the segment has ended


_Ahead = Queue[Page | BaseException]


@contextmanager
def in_turn(
    waiting: tuple[Place, ...],
    turn: Callable[[Place], Page],
    wait: Callable[[threading.Event], None],
    enough: Callable[[], bool],
) -> Iterator[Iterator[Page]]:
    """The pages of segments in their order. No thread works on when the block is left.

    Args:
        waiting: segments that haven't ended, in the order of their turns.
        turn: makes the page at a place.
        wait: returns when a thread may make its next page, or the event is set.
        enough: whether to end before all is read.

    Raises:
        Whatever `turn` raises, when the page's turn has come.
    """
    stop = threading.Event()
    ahead: dict[int, _Ahead] = {place.segment: Queue(_PAGES_AHEAD) for place in waiting}
    threads = [
        threading.Thread(
            target=_read, args=(place, turn, wait, ahead[place.segment], stop), daemon=True
        )
        for place in waiting
    ]
    for thread in threads:
        thread.start()
    try:
        yield _round([place.segment for place in waiting], ahead, enough)
    finally:
        stop.set()
        for waited_for in ahead.values():
            with suppress(Empty):
                waited_for.get_nowait()  # lets a thread that waits for room go at once
        until = time.monotonic() + _GOODBYE_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))


def _round(
    order: list[int], ahead: dict[int, _Ahead], enough: Callable[[], bool]
) -> Iterator[Page]:
    turns = deque(order)
    while turns:
        segment = turns.popleft()
        if (page := _next(ahead[segment], enough)) is None:
            return
        if isinstance(page, BaseException):
            raise page
        if page.next is not None:
            turns.append(segment)
        yield page


def _next(ahead: _Ahead, enough: Callable[[], bool]) -> Page | BaseException | None:
    while not enough():
        try:
            return ahead.get(timeout=_LOOK_SECONDS)
        except Empty:
            continue
    return None


def _read(
    first: Place,
    turn: Callable[[Place], Page],
    wait: Callable[[threading.Event], None],
    ahead: _Ahead,
    stop: threading.Event,
) -> None:
    place: Place | None = first
    try:
        while place is not None:
            wait(stop)
            if stop.is_set():
                return
            page = turn(place)
            _put(page, ahead, stop)
            place = page.next
    except BaseException as error:  # noqa: BLE001 - raised again where the pages are taken
        _put(error, ahead, stop)


def _put(page: Page | BaseException, ahead: _Ahead, stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            return ahead.put(page, timeout=_LOOK_SECONDS)
        except Full:
            continue
    return None
