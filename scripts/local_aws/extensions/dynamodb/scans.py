"""Scans: moto sorts and copies the whole table for every page, and counts no capacity.

Here the items are in the order of their partition keys' hashes, of which a segment is a part:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html
"""

from __future__ import annotations

import hashlib
import threading
from bisect import bisect_left, bisect_right
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakKeyDictionary

from moto.core.responses import ActionResult
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from scripts.local_aws.patching import replace

PAGE = 1024 * 1024
"""Bytes of items that a page has at most."""

UNIT = 4096
"""Bytes that a read unit is for:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html"""

_HASHES = 2**64

Segments = tuple[None, None] | tuple[int, int]
Position = tuple[int, Any]
"""Where an item is: the hash of its partition key, and its sort key."""


@dataclass(frozen=True)
class _Order:
    """The keys of a table by their position; those of deleted items may be among them."""

    writes: int
    positions: list[Position]
    keys: list[tuple[DynamoType, DynamoType | None]]


@dataclass
class _Page:
    items: list[Item]
    size: int
    is_cut: bool


_orders: WeakKeyDictionary[Table, _Order] = WeakKeyDictionary()
_writes: WeakKeyDictionary[Table, int] = WeakKeyDictionary()
_changing = threading.RLock()
_scanned: ContextVar[int | None] = ContextVar("scanned", default=None)

_scan_table = Table.scan
_scan = DynamoHandler.scan


def added(table: Table) -> None:
    """A table has an item with a new key."""
    with _changing:
        _writes[table] = _writes.get(table, 0) + 1


@replace(Table)
def scan(  # noqa: PLR0917  # moto's own parameters
    self: Table,
    filters: dict[str, Any],
    limit: int | None,
    exclusive_start_key: dict[str, Any] | None,
    filter_expression: Any = None,
    index_name: str | None = None,
    consistent_read: bool = False,
    projection_expression: list[list[str]] | None = None,
    segments: Segments = (None, None),
) -> tuple[list[Item], int, dict[str, Any] | None]:
    if index_name or filters:
        return _scan_table(
            self,
            filters,
            cast(int, limit),
            cast(dict[str, Any], exclusive_start_key),
            filter_expression,
            index_name,
            consistent_read,
            projection_expression,
            segments,
        )
    page = _page(self, exclusive_start_key, limit, segments)
    _scanned.set(page.size)
    last = self._get_last_evaluated_key(page.items[-1], None) if page.is_cut else None
    found = page.items
    if filter_expression is not None:
        found = [item for item in found if filter_expression.expr(item)]
    if projection_expression:
        found = [item.project(projection_expression) for item in found]
    return found, len(page.items), last


def _page(
    table: Table, after: dict[str, Any] | None, limit: int | None, segments: Segments
) -> _Page:
    order = _order_of(table)
    first, end = _bounds(order, segments)
    if after is not None:
        start = bisect_right(order.positions, _position(*_key(table, after)))
        if not first <= start <= end:
            raise MockValidationException("Exclusive start key must lie within the segment")
        first = start
    page = _Page([], 0, is_cut=False)
    for hash_key, range_key in (order.keys[index] for index in range(first, end)):
        item = table.get_item(hash_key, range_key)
        if item is None:
            continue
        size = _size(item)
        if page.items and page.size + size > PAGE:
            page.is_cut = True
            break
        page.items.append(item)
        page.size += size
        if len(page.items) == limit:  # AWS doesn't look whether there is more
            page.is_cut = True
            break
    return page


def _size(item: Item) -> int:
    """Bytes of an item; no write changes it, so it is counted once."""
    known: int | None = vars(item).get("counted_size")
    if known is None:
        known = vars(item)["counted_size"] = item.size()
    return known


def _order_of(table: Table) -> _Order:
    with _changing:
        known, writes = _orders.get(table), _writes.get(table, 0)
    if known and known.writes == writes:
        return known
    items = [
        item
        for each in list(table.items.values())
        for item in (list(each.values()) if table.range_key_attr else [cast(Item, each)])
    ]
    found = sorted(
        ((_position(item.hash_key, item.range_key), item) for item in items),
        key=lambda each: each[0],
    )
    keys = [(item.hash_key, item.range_key) for _, item in found]
    order = _Order(writes, [position for position, _ in found], keys)
    with _changing:
        _orders[table] = order
    return order


def _position(hash_key: DynamoType, range_key: DynamoType | None) -> Position:
    content = f"{hash_key.type} {hash_key.cast_value}".encode()
    digest = hashlib.md5(content, usedforsecurity=False).digest()
    return int.from_bytes(digest[:8]), range_key.cast_value if range_key else 0


def _key(table: Table, key: dict[str, Any]) -> tuple[DynamoType, DynamoType | None]:
    try:
        sort_key = DynamoType(key[table.range_key_attr]) if table.range_key_attr else None
        return DynamoType(key[table.hash_key_attr]), sort_key
    except KeyError:
        raise MockValidationException(
            "The provided starting key is invalid: "
            "The provided key element does not match the schema"
        ) from None


def _bounds(order: _Order, segments: Segments) -> tuple[int, int]:
    segment, total = segments
    if segment is None or total is None:
        return 0, len(order.positions)
    start, end = (
        bisect_left(order.positions, part * _HASHES // total, key=lambda position: position[0])
        for part in (segment, segment + 1)
    )
    return start, end


@replace(DynamoHandler, "scan")
def _scan_with_capacity(self: DynamoHandler) -> ActionResult:
    _scanned.set(None)
    result = _scan(self)
    body, size = cast(dict[str, Any], result.result), _scanned.get()
    if size is not None and "ConsumedCapacity" in body:
        units = max(1, -(-size // UNIT)) * (1.0 if self.body.get("ConsistentRead") else 0.5)
        body["ConsumedCapacity"]["CapacityUnits"] = units
        if table := body["ConsumedCapacity"].get("Table"):
            table["CapacityUnits"] = units
    return result
