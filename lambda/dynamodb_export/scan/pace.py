"""How fast a table is read: a token bucket that all segments of a scan share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from batchworks.errors import SettingsError
from dynamodb_export.settings import ReadLimit

# What one unit reads, eventually consistent:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
_BYTES_PER_UNIT = 8192
_BYTES_OF_AN_UNKNOWN_ITEM = 4096


class Pace(Protocol):
    """Slows a scan down."""

    def wait(self, stop: threading.Event) -> None:
        """Return when the next page may be read, or a stop is asked for."""

    def spend(self, items: int, units: float) -> None:
        """Note what a page took."""


class Unlimited:
    """As fast as it goes."""

    def wait(self, stop: threading.Event) -> None:
        """Return at once."""

    def spend(self, items: int, units: float) -> None:
        """Note nothing."""


@dataclass
class Bucket:
    """Fills with `rate` tokens a second up to one second's worth; a page may leave it in debt."""

    rate: float
    cost: Callable[[int, float], float]  # of a page's items and units
    clock: Callable[[], float] = time.monotonic
    _tokens: float = 0
    _filled: float | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, stop: threading.Event) -> None:
        """Return when the bucket is out of debt, or a stop is asked for."""
        while (seconds := self._seconds_to_go()) > 0 and not stop.wait(seconds):
            pass

    def spend(self, items: int, units: float) -> None:
        """Take out what a page took."""
        with self._lock:
            self._tokens -= self.cost(items, units)

    def _seconds_to_go(self) -> float:
        with self._lock:
            now = self.clock()
            if self._filled is not None:
                self._tokens += (now - self._filled) * self.rate
            self._tokens = min(self._tokens, self.rate)
            self._filled = now
            return max(0.0, -self._tokens / self.rate)


@dataclass(frozen=True)
class Plan:
    """What follows from a table's limit."""

    pace: Pace
    page_items: int | None  # at most in a page, so that a page costs about a second; None: 1 MB


def plan(limit: ReadLimit | None, table: Mapping[str, Any], segments: int) -> Plan:
    """How a table is to be read.

    Args:
        limit: the table's, if it has one.
        table: as DescribeTable tells.
        segments: that read at the same time.

    Raises:
        SettingsError: a share of a capacity that the table hasn't.
    """
    if limit is None:
        return Plan(Unlimited(), None)
    if limit.items_per_second is not None:
        by_items = Bucket(limit.items_per_second, lambda items, _: items)
        return Plan(by_items, max(1, limit.items_per_second // segments))
    units = _capacity(table) * (limit.percent or 100) / 100
    item_bytes = table["TableSizeBytes"] / table["ItemCount"] if table.get("ItemCount") else 0
    page_bytes = units * _BYTES_PER_UNIT / segments
    page_items = int(page_bytes / (item_bytes or _BYTES_OF_AN_UNKNOWN_ITEM))
    return Plan(Bucket(units, lambda _, units: units), max(1, page_items))


def _capacity(table: Mapping[str, Any]) -> int:
    """Read units a second that the table has, or on demand may use at most."""
    provisioned: int = table.get("ProvisionedThroughput", {}).get("ReadCapacityUnits", 0)
    at_most: int = table.get("OnDemandThroughput", {}).get("MaxReadRequestUnits", 0)
    if (units := max(provisioned, at_most)) > 0:
        return units
    raise SettingsError(
        f"TABLES: the read_limit of {table['TableName']} is a share in percent, but the table is "
        "on demand without a maximum: give items_per_second, or the table a maximum of read units"
    )
