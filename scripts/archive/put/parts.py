"""How a file is cut into parts, and the checksum S3 gives the whole. Both follow from its size."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256

MIB = 1024**2

WHOLE_LIMIT = 8 * MIB
"""Bytes of the largest file that is sent in one request; also the smallest part."""

MOST_PARTS = 10_000
"""Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html"""

LARGEST = 5 * 1024**4
"""Bytes of the largest file that is taken.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
"""


def part_size(size: int) -> int | None:
    """Bytes of each part but the last, whole MiB; None for a file that is sent in one request."""
    if size <= WHOLE_LIMIT:
        return None
    return max(WHOLE_LIMIT, -(-size // (MOST_PARTS * MIB)) * MIB)


def ranges(size: int, each: int) -> Iterator[tuple[int, int]]:
    """Offset and length of each part."""
    for offset in range(0, size, each):
        yield offset, min(each, size - offset)


def checksum(digest: bytes) -> str:
    """S3's `ChecksumSHA256` of one body."""
    return b64encode(digest).decode()


def composite(digests: Sequence[bytes]) -> str:
    """S3's `ChecksumSHA256` of an object from the digests of its parts.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
    """
    return f"{checksum(sha256(b''.join(digests)).digest())}-{len(digests)}"
