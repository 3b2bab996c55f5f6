"""What became of the items of a table while its point-in-time recovery was on."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

Key = tuple[DynamoType, DynamoType | None]


@dataclass(frozen=True)
class Change:
    """What a write made of an item.

    Attributes:
        time: When, in microseconds since 1970.
        old: The item before it, or None.
        new: The item after it, or None.
    """

    time: int
    key: Key
    old: Item | None
    new: Item | None


@dataclass
class History:
    """The changes of one table, oldest first.

    Attributes:
        since: Of when there is a history, in microseconds since 1970.
    """

    since: int
    changes: list[Change] = field(default_factory=list)

    def within(self, start: int, end: int) -> list[Change]:
        """One change per item that was written in a window: from the first old to the last new.

        What was put and deleted within the window never was there.

        Args:
            start: Inclusive, in microseconds.
            end: Exclusive.
        """
        merged: dict[Key, Change] = {}
        for change in self.changes:
            if start <= change.time < end:
                first = merged.get(change.key)
                merged[change.key] = replace(change, old=first.old) if first else change
        return [each for each in merged.values() if each.old is not None or each.new is not None]

    def as_of(self, items: Iterable[Item], moment: int) -> list[Item]:
        """The items of a moment in the past.

        Args:
            items: Those of now.
            moment: In microseconds; what was written then or later counts as not yet written.
        """
        undone: dict[Key, Item | None] = {}
        for change in self.changes:
            if change.time >= moment:
                undone.setdefault(change.key, change.old)
        kept = [each for each in items if (each.hash_key, each.range_key) not in undone]
        return kept + [each for each in undone.values() if each is not None]


_histories: dict[str, History] = {}
_changing = threading.RLock()


def now() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000


def of(table: Table) -> History | None:
    """The history of a table; None while its point-in-time recovery is off."""
    return _histories.get(table.table_arn)


def begin(table: Table) -> None:
    """Point-in-time recovery is on from now; nothing happens if it was."""
    with _changing:
        _histories.setdefault(table.table_arn, History(now()))


def end(table: Table) -> None:
    """Point-in-time recovery is off, or the table gone; what was kept is lost."""
    with _changing:
        _histories.pop(table.table_arn, None)


def add(table: Table, old: Item | None, new: Item | None) -> None:
    """Remember a write, if point-in-time recovery is on."""
    item = new or old
    with _changing:
        history = of(table)
        if history and item:
            key = (item.hash_key, item.range_key)
            history.changes.append(Change(now(), key, old, new))


def lengths() -> dict[str, int]:
    """How many changes each table has; `cut` goes back to it."""
    with _changing:
        return {arn: len(history.changes) for arn, history in _histories.items()}


def cut(lengths: dict[str, int]) -> None:
    """Forget what came later: a transaction was rolled back."""
    with _changing:
        for arn, length in lengths.items():
            if arn in _histories:
                del _histories[arn].changes[length:]


def age(seconds: float) -> int:
    """Let so much time have passed since everything that was written; how many tables it is of."""
    by = int(seconds * 1_000_000)
    with _changing:
        for history in _histories.values():
            history.since -= by
            history.changes = [replace(each, time=each.time - by) for each in history.changes]
        return len(_histories)
