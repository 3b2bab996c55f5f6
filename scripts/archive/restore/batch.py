"""Asks for very many objects through one job of S3 Batch Operations.

The job's folder in the lists bucket is named after what it asks for, so a run that was killed
finds its job again instead of making a second one:

    restore-jobs/<digest>/<n>/manifest.csv    Bucket, key, version id of every object
                              finished        its results were written, or it ended too long
                                              ago to be taken up: the next run makes n + 1
    restore-jobs/<digest>/<n>/reports/job-…/  what S3 says of every object
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from batchworks.errors import SettingsError
from scripts.archive.restore.plan import Plan
from scripts.archive.restore_list.selection import Item
from scripts.archive.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3control import S3ControlClient

ROOT = "restore-jobs"
FINAL = ("Complete", "Failed", "Cancelled")
POLLS = (0.5, 15.0)
"""Seconds between the first two looks at a job, and most of them later."""
OLD = timedelta(days=1)
"""How long after its end a job is taken up: nobody may ask for copies that stay less long."""
_ROLE = re.compile(r"arn:[\w-]+:iam::(\d{12}):role/.+")


@dataclass(frozen=True)
class Place:
    """Where jobs are made.

    Args:
        account: AWS account of the role, 12 digits.
        lists: bucket of manifests and reports.
        role: what S3 Batch Operations works with.
    """

    account: str
    lists: str
    role: str
    archive: str


@dataclass(frozen=True)
class Job:
    """A job and its folder.

    Args:
        folder: `restore-jobs/<digest>/<n>/`.
    """

    id: str
    folder: str


def place(settings: Settings) -> Place:
    """Where jobs are made, from the settings.

    Raises:
        SettingsError: one that S3 Batch Operations needs is missing or malformed.
    """
    if not settings.lists_bucket:
        raise SettingsError(
            "ARCHIVE_LISTS_BUCKET がありません。S3 バッチオペレーションに必要です。"
            "設定するか、--engine direct を指定してください"
        )
    role = _ROLE.fullmatch(settings.batch_role_arn or "")
    if role is None:
        raise SettingsError(
            f"ARCHIVE_BATCH_ROLE_ARN が {settings.batch_role_arn!r} です。"
            "そのロールの ARN を設定するか、--engine direct を指定してください"
        )
    return Place(role[1], settings.lists_bucket, role[0], settings.bucket)


def start(
    s3: S3Client, control: S3ControlClient, where: Place, items: Iterable[Item], plan: Plan
) -> Job:
    """Make the job for these objects, or find the one that a killed run made lately.

    Args:
        items: read once, in a constant order.
    """
    with TemporaryDirectory(prefix="archive-") as folder:
        manifest = Path(folder) / "manifest.csv"
        digest = _write_manifest(manifest, where.archive, items, plan)
        while True:
            home = _open_folder(s3, where.lists, f"{ROOT}/{digest}/")
            etag = _etag(s3, where.lists, f"{home}manifest.csv")
            job = _create(control, where, plan, home, etag or _send(s3, where, home, manifest))
            if etag is None or not _is_old(control, where, job):
                return job
            finish(s3, where, job)


def _create(control: S3ControlClient, where: Place, plan: Plan, home: str, etag: str) -> Job:
    """Make the job of a folder's manifest, unless it is there."""
    token = hashlib.sha256(home.encode()).hexdigest()[:64]
    answer = control.create_job(
        AccountId=where.account,
        ConfirmationRequired=False,
        ClientRequestToken=token,
        Priority=10,
        RoleArn=where.role,
        Description=home,
        Operation={
            "S3InitiateRestoreObject": {
                "ExpirationInDays": plan.days,
                "GlacierJobTier": "BULK" if plan.tier == "bulk" else "STANDARD",
            }
        },
        Manifest={
            "Spec": {
                "Format": "S3BatchOperations_CSV_20180820",
                "Fields": ["Bucket", "Key", "VersionId"],
            },
            "Location": {
                "ObjectArn": f"arn:aws:s3:::{where.lists}/{home}manifest.csv",
                "ETag": etag.strip('"'),
            },
        },
        Report={
            "Bucket": f"arn:aws:s3:::{where.lists}",
            "Prefix": f"{home}reports",
            "Format": "Report_CSV_20180820",
            "Enabled": True,
            "ReportScope": "AllTasks",
        },
    )
    return Job(answer["JobId"], home)


def _is_old(control: S3ControlClient, where: Place, job: Job) -> bool:
    """Whether a job ended so long ago that its copies may be gone already."""
    described = control.describe_job(AccountId=where.account, JobId=job.id)["Job"]
    ended = described.get("TerminationDate")
    return described["Status"] in FINAL and ended is not None and datetime.now(UTC) - ended > OLD


def follow(
    control: S3ControlClient,
    where: Place,
    job: Job,
    told: Callable[[int], None],
) -> str:
    """Wait until the job ends.

    Args:
        told: how many objects are done, each time that is looked up.

    Returns:
        Why it failed; empty if it did not.
    """
    pause, longest = POLLS
    while True:
        described: Any = control.describe_job(AccountId=where.account, JobId=job.id)["Job"]
        progress = described.get("ProgressSummary", {})
        told(progress.get("NumberOfTasksSucceeded", 0) + progress.get("NumberOfTasksFailed", 0))
        if described["Status"] in FINAL:
            break
        sleep(pause)
        pause = min(longest, pause * 1.5)
    if described["Status"] == "Complete":
        return ""
    reasons = [reason.get("FailureReason", "") for reason in described.get("FailureReasons", [])]
    return "、".join(filter(None, reasons)) or described["Status"]


def finish(s3: S3Client, where: Place, job: Job) -> None:
    """Note that the results of a job were written: the same list makes a new one."""
    s3.put_object(Bucket=where.lists, Key=f"{job.folder}finished", Body=b"")


def _write_manifest(path: Path, bucket: str, items: Iterable[Item], plan: Plan) -> str:
    """Write the manifest, and return a name for exactly this job."""
    digest = hashlib.sha256(f"{plan.tier} {plan.days}\n".encode())
    with path.open("w", encoding="ascii", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for item in items:
            line = (bucket, quote(item.key, safe="/"), item.version)
            digest.update(",".join(line).encode())
            writer.writerow(line)
    return digest.hexdigest()[:32]


def _open_folder(s3: S3Client, bucket: str, prefix: str) -> str:
    """The first folder below a prefix whose job isn't finished."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    keys = {content["Key"] for page in pages for content in page.get("Contents", [])}
    number = 1
    while f"{prefix}{number}/finished" in keys:
        number += 1
    return f"{prefix}{number}/"


def _send(s3: S3Client, where: Place, home: str, manifest: Path) -> str:
    key = f"{home}manifest.csv"
    s3.upload_file(str(manifest), where.lists, key)
    return s3.head_object(Bucket=where.lists, Key=key)["ETag"]


def _etag(s3: S3Client, bucket: str, key: str) -> str | None:
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=key, MaxKeys=1).get("Contents", [])
    return listed[0]["ETag"] if listed and listed[0]["Key"] == key else None
