"""Asks for objects one by one, in parallel, paced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from re import search
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from scripts.archive.clock import minute
from scripts.archive.parallel import unordered
from scripts.archive.restore.cost import Tier
from scripts.archive.restore.outcomes import THROTTLING, Outcome, Status, refused
from scripts.archive.restore.pacing import Pacer
from scripts.archive.restore_list.selection import Item

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.literals import TierType

WORKERS = 32
TRIES = 8
"""How often one object is asked for while S3 says that it is too fast."""
_TIERS: dict[Tier, TierType] = {Tier.BULK: "Bulk", Tier.STANDARD: "Standard"}


@dataclass(frozen=True)
class Wish:
    """What to ask of each object.

    Args:
        days: how long its copy stays.
        pacer: when the next request may go.
    """

    bucket: str
    tier: Tier
    days: int
    pacer: Pacer


def ask(s3: S3Client, wish: Wish, items: Iterable[Item]) -> Iterator[tuple[Item, Outcome]]:
    """Ask for each object; once an error would meet all of them, the rest isn't asked for.

    Args:
        items: read as they are needed.
    """
    stopped: list[Outcome] = []

    def one(item: Item) -> tuple[Item, Outcome]:
        if stopped:
            reason = f"{stopped[0].code} のため中止しました。解決後に再実行してください"
            return item, Outcome(Status.NOT_ASKED, reason, stopped[0].code)
        outcome = _ask(s3, wish, item)
        if outcome.systemic:
            stopped.append(outcome)
        return item, outcome

    with ThreadPoolExecutor(WORKERS) as pool:
        yield from unordered(pool, one, items, ahead=WORKERS * 2)


def _ask(s3: S3Client, wish: Wish, item: Item) -> Outcome:
    for _ in range(TRIES):
        wish.pacer.wait()
        outcome = _ask_once(s3, wish, item)
        if outcome.code not in THROTTLING:
            wish.pacer.ease()
            return outcome
        wish.pacer.slow_down()
    return outcome


def _ask_once(s3: S3Client, wish: Wish, item: Item) -> Outcome:
    try:
        answer = s3.restore_object(
            Bucket=wish.bucket,
            Key=item.key,
            VersionId=item.version,
            RestoreRequest={
                "Days": wish.days,
                "GlacierJobParameters": {"Tier": _TIERS[wish.tier]},
            },
        )
        if answer["ResponseMetadata"]["HTTPStatusCode"] == 202:
            return Outcome(Status.REQUESTED)
        head = s3.head_object(Bucket=wish.bucket, Key=item.key, VersionId=item.version)
    except ClientError as error:
        return refused(error.response["Error"]["Code"], error.response["Error"].get("Message", ""))
    except BotoCoreError as error:
        return refused(type(error).__name__, str(error))
    return Outcome(Status.RESTORED, until(head.get("Restore", "")))


def until(restore: str) -> str:
    """Until when a copy can be read, for people, from the header `x-amz-restore`."""
    time = expiry(restore)
    return f"{minute(time)} まで" if time else ""


def expiry(restore: str) -> datetime | None:
    """When a copy goes, from the header `x-amz-restore`; None where there is none (yet)."""
    found = search(r'expiry-date="([^"]+)"', restore)
    return parsedate_to_datetime(found[1]) if found else None
