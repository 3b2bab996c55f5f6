"""The prices that previews are made of: one dated file, with its source."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

GB = 2**30
"""What AWS bills as one GB.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/aws-usage-report-understand.html
"""


@dataclass(frozen=True)
class Prices:
    """US dollars, for the Tokyo region unless the file was refreshed for another.

    Args:
        put_per_1000: uploads to Deep Archive.
        storage_gb_month: Deep Archive.
        standard_gb_month: S3 Standard: a restored copy, and 8 KB of overhead for each object.
        restore_bulk_per_1000: restore requests, tier Bulk.
        restore_standard_per_1000: restore requests, tier Standard.
        retrieval_bulk_gb: data that is restored, tier Bulk.
        retrieval_standard_gb: data that is restored, tier Standard.
        batch_job: one job of S3 Batch Operations.
        batch_per_million: objects that such a job works on.
        dated: when the prices were looked up.
        source: where.
        confirmed: whether AWS's own price list gave all of them.
    """

    put_per_1000: float
    storage_gb_month: float
    standard_gb_month: float
    restore_bulk_per_1000: float
    restore_standard_per_1000: float
    retrieval_bulk_gb: float
    retrieval_standard_gb: float
    batch_job: float
    batch_per_million: float
    dated: date
    source: str
    confirmed: bool


def load() -> Prices:
    """The prices of the data file."""
    text = files("scripts.archive.prices").joinpath("prices.json").read_text("utf-8")
    return read(text)


def read(text: str) -> Prices:
    """The prices of a file in the form of `prices.json`."""
    content = json.loads(text)
    return Prices(
        **content["prices"],
        dated=date.fromisoformat(content["dated"]),
        source=content["source"],
        confirmed=not content["not_confirmed_by_aws"],
    )
