"""Partial answers: the `fields` parameter, `items(id,snippet/title),nextPageToken`.

Syntax: https://developers.google.com/youtube/v3/getting-started#fields
"""

import re
from collections.abc import Mapping
from typing import Any

from scripts.youtube_stand_in import discovery

Selection = Mapping[str, "Selection | None"]
"""Member → what to keep of it; None keeps all of it. The member * stands for every other one."""

_TOKEN = re.compile(r"[\w*]+|[(),/]")


class FieldsError(ValueError):
    """`fields` can't be read, or names what doesn't exist; says which text is wrong."""


def parse(text: str) -> Selection:
    """The selection that `fields` asks for. Raises FieldsError."""
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text:
        raise FieldsError(f"Invalid field selection {text}")
    selection = _parse_list(tokens)
    if tokens:
        raise FieldsError(f"Invalid field selection {text}")
    return selection


def check(selection: Selection, node: discovery.Node) -> None:
    """Raise FieldsError when a selected member isn't in the schema."""
    known = discovery.members(node)
    for name, inner in selection.items():
        if name != "*" and name not in known:
            raise FieldsError(f"Invalid field selection {name}")
        if inner is not None and name != "*":
            check(inner, known[name])


def select(selection: Selection | None, value: Any) -> Any:
    """The selected part of an answer, arrays item by item."""
    if selection is None:
        return value
    if isinstance(value, list):
        return [select(selection, item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: select(selection.get(name, selection.get("*")), member)
        for name, member in value.items()
        if name in selection or "*" in selection
    }


def _parse_list(tokens: list[str]) -> dict[str, Selection | None]:
    selection: dict[str, Selection | None] = {}
    while True:
        name, inner = _parse_path(tokens)
        selection[name] = _merge(selection[name], inner) if name in selection else inner
        if not tokens or tokens[0] != ",":
            return selection
        tokens.pop(0)


def _parse_path(tokens: list[str]) -> tuple[str, Selection | None]:
    if not tokens or tokens[0] in "(),/":
        raise FieldsError("Invalid field selection " + "".join(tokens))
    name = tokens.pop(0)
    following = tokens[0] if tokens else ""
    if following == "/":
        tokens.pop(0)
        inner_name, inner = _parse_path(tokens)
        return name, {inner_name: inner}
    if following == "(":
        tokens.pop(0)
        selection = _parse_list(tokens)
        if not tokens or tokens.pop(0) != ")":
            raise FieldsError(f"Invalid field selection {name}")
        return name, selection
    return name, None


def _merge(one: Selection | None, other: Selection | None) -> Selection | None:
    if one is None or other is None:
        return None
    both = {name: _merge(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **both}
