"""YouTube's own description of its answers: the document google-api-python-client bundles."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

Node = Mapping[str, Any]


@cache
def document() -> dict[str, Any]:
    """The discovery document of youtube.v3."""
    bundled = resources.files("googleapiclient").joinpath("discovery_cache/documents")
    found: dict[str, Any] = json.loads(bundled.joinpath("youtube.v3.json").read_text("utf-8"))
    return found


def schema(name: str) -> Node:
    """A schema by its name, for example VideoListResponse."""
    found: Node = document()["schemas"][name]
    return found


def members(node: Node) -> Mapping[str, Node]:
    """The members of an object, or of the objects in an array: name → node."""
    while "$ref" in node or node.get("type") == "array":
        node = schema(node["$ref"]) if "$ref" in node else node["items"]
    found: Mapping[str, Node] = node.get("properties", {})
    return found


@cache
def parts(schema_name: str) -> frozenset[str]:
    """What `part` may name for a resource: its object members, and id."""
    listed = members(schema(schema_name))
    return frozenset(name for name in listed if name not in ("etag", "kind"))
