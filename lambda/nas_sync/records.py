"""The lines of manifests, work files and results. All are JSON objects, sorted by key.

Keys are compared as S3 lists them: by their UTF-8 bytes.
"""

from __future__ import annotations

import hashlib
from typing import Literal, NotRequired, TypedDict

Kind = Literal["document", "image", "other"]
Index = Literal["files", "images"]
Change = Literal["new", "changed", "retried", "moved"]
Status = Literal["indexed", "skipped", "failed"]

_DOCUMENTS = {"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "txt"}
_IMAGES = {"jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp"}


class Entry(TypedDict):
    """A file in a listing; once reconciled, with what became of it."""

    key: str
    size: int  # bytes
    etag: str  # without quotes
    status: NotRequired[Status]
    reason: NotRequired[str]


class Work(TypedDict):
    """A file to work on."""

    key: str
    size: int
    etag: str
    kind: Kind
    change: Change
    moved_from: NotRequired[str]  # the key under which it was indexed


class Deleted(TypedDict):
    """A file that is no longer on the NAS."""

    key: str
    size: int
    etag: str
    moved_to: NotRequired[str]  # it is there under another key, so nothing is archived


class Result(TypedDict):
    """What extraction gave for a file."""

    key: str
    size: int
    etag: str
    status: Status
    reason: NotRequired[str]  # a code, where it isn't indexed
    detail: NotRequired[str]  # one English sentence for operators, at most 200 characters
    modified: NotRequired[str]  # ISO 8601, UTC: the file's mtime on the NAS
    nas_path: NotRequired[str]
    text: NotRequired[str]
    truncated: NotRequired[bool]
    vector: NotRequired[str]  # base64 of 2,048 little-endian float32
    width: NotRequired[int]
    height: NotRequired[int]


class Outcome(TypedDict):
    """What became of a file in the end."""

    key: str
    status: Status
    reason: NotRequired[str]
    detail: NotRequired[str]


def extension(key: str) -> str:
    """Lower-case, without the dot; empty where there is none."""
    name = key.rsplit("/", 1)[-1]
    return name.rsplit(".", 1)[1].lower() if "." in name[1:] else ""


def kind_of(key: str) -> Kind:
    """How a file is classed, by its extension."""
    found = extension(key)
    return "document" if found in _DOCUMENTS else "image" if found in _IMAGES else "other"


def index_of(kind: Kind) -> Index:
    """Which index a file belongs in."""
    return "images" if kind == "image" else "files"


def file_id(key: str) -> str:
    """Id of a file in OpenSearch and DynamoDB: the first 128 bits of its key's SHA-256, as hex."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]
