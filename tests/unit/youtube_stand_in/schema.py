"""Whether an answer is one that the discovery document allows."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from scripts.youtube_stand_in import discovery

_JSON_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
}
_RANGES = {
    "uint64": (0, 2**64 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint32": (0, 2**32 - 1),
    "int32": (-(2**31), 2**31 - 1),
}


def problems(node: discovery.Node, value: Any, at: str = "answer") -> Iterator[str]:
    """What about a value contradicts a schema: members, types, formats, enumerations."""
    if "$ref" in node:
        yield from problems(discovery.schema(node["$ref"]), value, at)
        return
    kind = node["type"]
    misplaced = isinstance(value, bool) and kind != "boolean"
    if misplaced or not isinstance(value, _JSON_TYPES[kind]):
        yield f"{at}: {value!r} is no {kind}"
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from problems(node["items"], item, f"{at}[{number}]")
    elif isinstance(value, dict):
        yield from _problems_of_members(node, value, at)
    else:
        yield from _problems_of_scalar(node, value, at)


def _problems_of_members(node: discovery.Node, value: Mapping[str, Any], at: str) -> Iterator[str]:
    listed = node.get("properties", {})
    for name, member in value.items():
        if name in listed:
            yield from problems(listed[name], member, f"{at}.{name}")
        else:
            yield f"{at}: has no member {name}"


def _problems_of_scalar(node: discovery.Node, value: Any, at: str) -> Iterator[str]:
    form = node.get("format")
    if "enum" in node and value not in node["enum"]:
        yield f"{at}: {value!r} is none of {node['enum']}"
    if form in _RANGES and not _is_in_range(value, *_RANGES[form]):
        yield f"{at}: {value!r} is no {form}"
    if form == "date-time" and not _is_moment(value):
        yield f"{at}: {value!r} is no RFC 3339 time"


def _is_in_range(value: int | str, low: int, high: int) -> bool:
    return re.fullmatch(r"-?\d+", str(value)) is not None and low <= int(value) <= high


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None and "T" in text
    except ValueError:
        return False
