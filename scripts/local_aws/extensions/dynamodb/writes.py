"""Writes: moto keeps no history, changes an updated item in its place, and measures it too often.

Here every write leaves the item that was there as it was, so that a history, and an answer that is
under way, can hold it.
"""

from __future__ import annotations

import copy
from typing import Any

from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table

from scripts.local_aws.extensions.dynamodb import history, scans
from scripts.local_aws.patching import replace

_SIZE_LIMIT = 405_000  # bytes of an item, as in moto's LimitedSizeDict

_put = Table.put_item
_delete = Table.delete_item
_update = DynamoDBBackend.update_item
_transact = DynamoDBBackend.transact_write_items
_delete_table = DynamoDBBackend.delete_table


@replace(Item, "__init__")
def _begin(
    self: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]
) -> None:
    """Make an item, whose size is measured once and not with every attribute."""
    self.hash_key, self.range_key, self.attrs = hash_key, range_key, LimitedSizeDict()
    for name, value in attrs.items():
        dict.__setitem__(self.attrs, name, DynamoType(value))
    if self.size() > _SIZE_LIMIT:
        raise ItemSizeTooLarge


@replace(Table)
def put_item(self: Table, item_attrs: dict[str, Any], *arguments: Any, **named: Any) -> Item:
    hash_value, range_value = _key(self, item_attrs)
    old = self.get_item(hash_value, range_value) if hash_value else None
    new = _put(self, item_attrs, *arguments, **named)
    history.add(self, old, new)
    if old is None:
        scans.added(self)
    return new


def _key(table: Table, attributes: dict[str, Any]) -> tuple[DynamoType | None, DynamoType | None]:
    """The key of an item; nothing if a part of it is missing, which moto says itself."""
    parts = [name for name in (table.hash_key_attr, table.range_key_attr) if name]
    if any(name not in attributes for name in parts):
        return None, None
    values = [DynamoType(attributes[name]) for name in parts]
    return values[0], values[1] if len(values) > 1 else None


@replace(Table)
def delete_item(self: Table, hash_key: DynamoType, range_key: DynamoType | None) -> Item | None:
    item = _delete(self, hash_key, range_key)
    if item is not None:
        history.add(self, item, None)
    return item


@replace(DynamoDBBackend)
def update_item(
    self: DynamoDBBackend, table_name: str, key: dict[str, Any], *arguments: Any, **named: Any
) -> Item:
    """An item that is not there yet is put by moto, and changed before anybody sees it."""
    table = self.get_table(table_name)
    hash_value, range_value = _key(table, key)
    old = table.get_item(hash_value, range_value) if hash_value else None
    if old is not None:
        _exchange(table, old, copy.deepcopy(old))
    new = _update(self, table_name, key, *arguments, **named)
    if old is not None:
        history.add(table, old, new)
    return new


def _exchange(table: Table, old: Item, new: Item) -> None:
    if old.range_key:
        table.items[old.hash_key][old.range_key] = new
    else:
        table.items[old.hash_key] = new  # type: ignore[assignment]  # moto's own annotation is wrong


@replace(DynamoDBBackend)
def transact_write_items(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    before = history.lengths()
    try:
        _transact(self, transact_items)
    except Exception:
        history.cut(before)
        raise


@replace(DynamoDBBackend)
def delete_table(self: DynamoDBBackend, name: str) -> Table:
    table = _delete_table(self, name)
    history.end(table)
    return table
