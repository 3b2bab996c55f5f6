"""What archiving will cost, and how long it will take, before it begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from scripts.archive.prices.prices import GB, Prices
from scripts.archive.put.originals import Original
from scripts.archive.put.pace import Pace
from scripts.archive.put.sending import parts

KB = 1024
OVERHEAD_DEEP_ARCHIVE = 32 * KB
OVERHEAD_STANDARD = 8 * KB
"""Bytes that are billed with each object, in Deep Archive and in S3 Standard.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/glacier-storage-classes.html
"""
MINIMUM_MONTHS = 6
"""Deep Archive bills 180 days at least, however soon an object is deleted.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/glacier-storage-classes.html
"""


@dataclass(frozen=True)
class Preview:
    """What is about to be archived.

    Args:
        size: bytes of all files.
        requests: what S3 is asked: one upload for each file, or its parts, begin and end.
        request_cost: US dollars, once; S3 bills parts lower, so that it is never more.
        month_cost: US dollars for each month.
        minimum_cost: US dollars for the months that are billed in any case.
        seconds: how long it will take at the pace of `Pace`.
    """

    files: int
    size: int
    requests: int
    request_cost: float
    month_cost: float
    minimum_cost: float
    seconds: float


def preview(originals: Iterable[Original], prices: Prices, pace: Pace) -> Preview:
    """What archiving these will cost, and how long it will take.

    Args:
        originals: what is to be sent.
        prices: in US dollars.
        pace: how fast the run before was.
    """
    files = size = requests = 0
    for original in originals:
        files += 1
        size += original.size
        requests += _requests(original.size)
    month = (size + files * OVERHEAD_DEEP_ARCHIVE) / GB * prices.storage_gb_month
    month += files * OVERHEAD_STANDARD / GB * prices.standard_gb_month
    return Preview(
        files=files,
        size=size,
        requests=requests,
        request_cost=requests / 1000 * prices.put_per_1000,
        month_cost=month,
        minimum_cost=month * MINIMUM_MONTHS,
        seconds=pace.seconds(files, size),
    )


def _requests(size: int) -> int:
    each = parts.part_size(size)
    return 1 if each is None else -(-size // each) + 2
