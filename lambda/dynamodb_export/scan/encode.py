"""DynamoDB's items as plain JSON, exactly.

    S     a string                      NULL   null
    N     a number, digit for digit     BOOL   true or false
    B     a string: base64              L, M   an array, an object
    SS    an array, sorted by code point
    NS    an array of numbers, sorted by value
    BS    an array of base64 strings, sorted as these

Each item gets `exported_at` and `export_version` of its export. An item's own attribute of such a
name is kept under the name with `original_` before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

VERSION = "1.0"
_OWN = ("exported_at", "export_version")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?").fullmatch


def items(wire: Iterable[Mapping[str, Any]], exported_at: str, separator: bytes) -> bytes:
    """Items as JSON texts with a separator between each two.

    Args:
        wire: items as DynamoDB's JSON protocol carries them: `{"id": {"S": "…"}, …}`.
        exported_at: when their export began.
        separator: such as a comma and a line break.

    Raises:
        ValueError: a value is of a type that DynamoDB hasn't.
    """
    return separator.join([_item(each, exported_at) for each in wire])


def _item(wire: Mapping[str, Any], exported_at: str) -> bytes:
    plain = _members(wire)
    for own in _OWN:
        if own in plain:
            kept_as = _free_name(own, plain)
            plain[kept_as] = plain.pop(own)
    plain["exported_at"] = exported_at
    plain["export_version"] = VERSION
    return orjson.dumps(plain)


def _free_name(name: str, taken: Mapping[str, Any]) -> str:
    while name in taken:
        name = f"original_{name}"
    return name


def _members(wire: Mapping[str, Any]) -> dict[str, Any]:
    # most values are strings: a call for each of them would take half as long again
    return {name: value["S"] if "S" in value else _other(value) for name, value in wire.items()}


def _elements(wire: Iterable[Mapping[str, Any]]) -> list[Any]:
    return [value["S"] if "S" in value else _other(value) for value in wire]


def _other(value: Mapping[str, Any]) -> Any:
    """A value that isn't a string."""
    for kind, content in value.items():
        if convert := _KINDS.get(kind):
            return convert(content)
    raise ValueError(f"a value is of no type that is known of DynamoDB: {list(value)}")


@lru_cache(4096)  # small numbers come again and again
def _number(text: str) -> orjson.Fragment:
    if _JSON_NUMBER(text) is None:  # such as `007` or `.5`
        text = str(Decimal(text))
    return orjson.Fragment(text)


def _unchanged(content: Any) -> Any:
    return content


_KINDS: dict[str, Callable[[Any], Any]] = {
    "N": _number,
    "M": _members,
    "L": _elements,
    "BOOL": _unchanged,
    "NULL": lambda _: None,
    "B": _unchanged,  # base64 already
    "SS": sorted,
    "NS": lambda content: [_number(text) for text in sorted(content, key=Decimal)],
    "BS": sorted,
}
