"""What a restore will cost, and when it will be ready."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from scripts.archive.prices.prices import GB, Prices

DAYS_OF_A_MONTH = 30


class Tier(StrEnum):
    """How fast, and how dear; Deep Archive has no faster one."""

    BULK = "bulk"
    STANDARD = "standard"


LIMITS = {Tier.BULK: timedelta(hours=48), Tier.STANDARD: timedelta(hours=12)}
"""Within which time AWS restores from Deep Archive.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
"""


@dataclass(frozen=True)
class Cost:
    """US dollars.

    Args:
        requests: restore requests, and the job of S3 Batch Operations if there is one.
        retrieval: reading from Deep Archive.
        copies: the temporary copies in S3 Standard.
    """

    requests: float
    retrieval: float
    copies: float

    @property
    def total(self) -> float:
        """All together."""
        return self.requests + self.retrieval + self.copies


def cost(prices: Prices, tier: Tier, objects: int, size: int, days: int, *, batch: bool) -> Cost:
    """What restoring costs.

    Args:
        size: bytes of all objects.
        days: how long the copies stay.
        batch: whether S3 Batch Operations asks for them.
    """
    bulk = tier is Tier.BULK
    per_1000 = prices.restore_bulk_per_1000 if bulk else prices.restore_standard_per_1000
    per_gb = prices.retrieval_bulk_gb if bulk else prices.retrieval_standard_gb
    job = prices.batch_job + objects * prices.batch_per_million / 1e6 if batch else 0.0
    return Cost(
        requests=objects * per_1000 / 1000 + job,
        retrieval=size / GB * per_gb,
        copies=size / GB * prices.standard_gb_month * days / DAYS_OF_A_MONTH,
    )


def ready_by(tier: Tier, now: datetime) -> datetime:
    """When everything asked for now is ready at the latest."""
    return now + LIMITS[tier]
