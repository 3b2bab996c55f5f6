"""How a file is cut into parts: that follows from its size."""

from __future__ import annotations

from collections.abc import Iterator

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
