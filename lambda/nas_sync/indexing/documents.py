"""Files as OpenSearch takes them."""

from __future__ import annotations

import base64
import sys
from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nas_sync import keys
from nas_sync.records import Result, extension, file_id

_NEVER_REFUSED = (
    "file_id",
    "file_name",
    "file_path",
    "nas_path",
    "file_type",
    "file_size",
    "indexed_at",
    "sync_batch_id",
)
_DIGITS = 8  # after the point: all that float32 knows of numbers about 0.02, in half the bytes


@dataclass(frozen=True)
class Stamp:
    """Which batch indexed a file, and when."""

    sync_batch_id: str
    indexed_at: str  # ISO 8601, UTC


def document(result: Result, stamp: Stamp) -> dict[str, Any]:
    """The document of a file; what isn't known about it is absent."""
    key = result["key"]
    known = {
        "file_id": file_id(key),
        "file_name": key.rsplit("/", 1)[-1],
        "file_path": key.removeprefix(keys.DATA),
        "nas_path": result.get("nas_path"),
        "file_type": extension(key) or None,
        "file_size": result["size"],
        "modified_date": result.get("modified"),
        "indexed_at": stamp.indexed_at,
        "sync_batch_id": stamp.sync_batch_id,
        "content_status": result["status"],
        "reason": result.get("reason"),
        "extracted_text": result.get("text"),
        "truncated": result.get("truncated"),
        "image_width": result.get("width"),
        "image_height": result.get("height"),
        "image_vector": _numbers(result["vector"]) if "vector" in result else None,
    }
    return {name: value for name, value in known.items() if value is not None}


def by_name_only(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document that OpenSearch refused, without what it may have refused it for."""
    kept = {name: document[name] for name in _NEVER_REFUSED if name in document}
    return {**kept, "content_status": "failed", "reason": "quarantined"}


def _numbers(vector: str) -> list[float]:
    """The numbers of a vector, given as the base64 of its little-endian float32."""
    numbers = array("f", base64.b64decode(vector))
    if sys.byteorder == "big":
        numbers.byteswap()
    return [round(number, _DIGITS) for number in numbers]
