"""The files of an export.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.utilities import DynamoJsonEncoder
from moto.s3.models import FakeKey

from scripts.local_aws.extensions.dynamodb.history import Change

FILES = 4
"""Of an export. AWS writes one per partition of the table, also of a partition without items."""

Write = Callable[[str, bytes], FakeKey]
"""Writes an object: key, content."""

Record = tuple[DynamoType, dict[str, Any]]
"""The partition key of an item, and the line about it."""


@dataclass(frozen=True)
class Totals:
    """How much was exported."""

    items: int
    size: int


def full(items: Iterable[Item]) -> Iterable[Record]:
    """The lines of a full export."""
    return ((item.hash_key, {"Item": item.attrs}) for item in items)


def incremental(changes: Iterable[Change], view: str, names: list[str]) -> Iterable[Record]:
    """The lines of an incremental export.

    Args:
        view: `NEW_AND_OLD_IMAGES` or `NEW_IMAGE`.
        names: Attributes of the key.
    """
    for change in changes:
        line: dict[str, Any] = {
            "Metadata": {"WriteTimestampMicros": {"N": str(change.time)}},
            "Keys": dict(zip(names, (part for part in change.key if part), strict=True)),
        }
        if change.old is not None and view == "NEW_AND_OLD_IMAGES":
            line["OldImage"] = change.old.attrs
        if change.new is not None:
            line["NewImage"] = change.new.attrs
        yield change.key[0], line


def write_data(write: Write, folder: str, records: Iterable[Record]) -> tuple[Totals, list[Any]]:
    """Write the data files.

    Args:
        folder: Where to, without a slash at its end.

    Returns:
        How much there was, and what the manifest says of each file.
    """
    parts: list[list[str]] = [[] for _ in range(FILES)]
    for key, line in records:
        written = json.dumps(line, cls=DynamoJsonEncoder, ensure_ascii=False, separators=(",", ":"))
        parts[_partition(key)].append(written + "\n")
    entries = [_write_file(write, folder, lines) for lines in parts]
    size = sum(len(line.encode()) for lines in parts for line in lines)
    return Totals(sum(map(len, parts)), size), entries


def write_manifests(write: Write, folder: str, files: list[Any], summary: dict[str, Any]) -> None:
    """Write the list of data files, the summary, and the checksum of either, in this order."""
    listed = "".join(json.dumps(entry, separators=(",", ":")) + "\n" for entry in files)
    for name, content in (("files", listed), ("summary", json.dumps(summary))):
        write(f"{folder}/manifest-{name}.json", content.encode())
        write(f"{folder}/manifest-{name}.md5", md5(content.encode()).encode())


def md5(content: bytes) -> str:
    """MD5 in base64."""
    digest = hashlib.md5(content, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode()


def moment(micros: int) -> str:
    """A time as manifests have it."""
    value = datetime.fromtimestamp(micros / 1e6, UTC)
    return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _partition(key: DynamoType) -> int:
    content = f"{key.type}{key.value}".encode()
    return hashlib.md5(content, usedforsecurity=False).digest()[0] * FILES // 256


def _write_file(write: Write, folder: str, lines: list[str]) -> dict[str, Any]:
    content = gzip.compress("".join(lines).encode(), mtime=0)
    key = f"{folder}/{uuid.uuid4().hex[:26]}.json.gz"
    written = write(key, content)
    return {
        "itemCount": len(lines),
        "md5Checksum": md5(content),
        "etag": written.etag.strip('"'),
        "dataFileS3Key": key,
    }
