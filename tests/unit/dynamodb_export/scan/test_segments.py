"""Segments are read at the same time, in one order and with bounded memory."""

from __future__ import annotations

import threading
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dynamodb_export.scan.reading import Place
from dynamodb_export.scan.segments import Page, in_turn


def never() -> bool:
    return False


def no_wait(_: threading.Event) -> None:
    pass


def table(lengths: list[int]) -> tuple[Place, ...]:
    return tuple(Place(segment) for segment in range(len(lengths)))


def number(place: Place) -> int:
    return int(place.position["k"]["N"]) if place.position else 0


def page(place: Place, lengths: list[int]) -> Page:
    """Page k of a segment, which has so many."""
    k = number(place)
    following = Place(place.segment, {"k": {"N": f"{k + 1}"}})
    content = f"{place.segment}.{k}".encode()
    return Page(content, 1, following if k + 1 < lengths[place.segment] else None)


def rounds(lengths: list[int]) -> list[bytes]:
    """A page of each segment in turn."""
    return [
        f"{segment}.{k}".encode()
        for k in range(max(lengths))
        for segment, length in enumerate(lengths)
        if k < length
    ]


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5))
def test_pages_come_in_rounds_whichever_segment_is_faster(lengths: list[int]) -> None:
    def turn(place: Place) -> Page:
        time.sleep(0.0003 * ((place.segment * 7 + number(place) * 3) % 4))
        return page(place, lengths)

    with in_turn(table(lengths), turn, no_wait, never) as pages:
        assert [each.content for each in pages] == rounds(lengths)


def test_no_segment_reads_more_than_two_pages_ahead() -> None:
    lengths = [50, 50]
    made: Counter[int] = Counter()
    taken: Counter[int] = Counter()
    furthest = 0

    def turn(place: Place) -> Page:
        nonlocal furthest
        made[place.segment] += 1
        furthest = max(furthest, made[place.segment] - taken[place.segment])
        return page(place, lengths)

    with in_turn(table(lengths), turn, no_wait, never) as pages:
        for each in pages:
            time.sleep(0.001)
            taken[int(each.content.split(b".")[0])] += 1
    assert furthest <= 3  # one that is taken, one that waits, one in the making


def test_an_error_comes_when_its_turn_has_come() -> None:
    lengths = [3, 3]

    def turn(place: Place) -> Page:
        if (place.segment, number(place)) == (1, 1):
            raise LookupError("segment 1")
        return page(place, lengths)

    seen: list[bytes] = []
    with (
        pytest.raises(LookupError, match="segment 1"),
        in_turn(table(lengths), turn, no_wait, never) as pages,
    ):
        seen.extend(each.content for each in pages)
    assert seen == [b"0.0", b"1.0", b"0.1"]


def test_reading_ends_when_there_is_enough_even_while_a_page_is_awaited() -> None:
    slow = threading.Event()
    asked = []

    def turn(_: Place) -> Page:
        slow.wait(10)
        return Page(b"", 0, None)

    def enough() -> bool:
        asked.append(1)
        return len(asked) > 1

    with in_turn((Place(0),), turn, no_wait, enough) as pages:
        assert list(pages) == []
        slow.set()


def test_no_thread_works_on_when_the_block_is_left() -> None:
    lengths = [1000] * 4
    before = threading.active_count()
    with in_turn(table(lengths), lambda place: page(place, lengths), no_wait, never) as pages:
        next(pages)
    assert threading.active_count() == before
