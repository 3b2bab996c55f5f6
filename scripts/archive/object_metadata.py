"""What each object carries, so that the archive list can be rebuilt from the bucket alone."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, unquote

LIMIT = 2048
"""Most bytes of an object's own metadata, names and values together.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
"""


def encode(values: Mapping[str, str | None]) -> dict[str, str]:
    """Values as S3 takes them: US-ASCII, percent-encoded; those that are None are left out."""
    return {name: quote(value, safe=" :+@/") for name, value in values.items() if value is not None}


def decode(metadata: Mapping[str, str]) -> dict[str, str]:
    """The values that `encode` was given."""
    return {name: unquote(value) for name, value in metadata.items()}


def size(metadata: Mapping[str, str]) -> int:
    """Bytes that S3 counts against its limit."""
    return sum(len(name) + len(value) for name, value in metadata.items())
