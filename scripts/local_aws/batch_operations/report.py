"""Completion reports.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-examples-reports.html
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scripts.local_aws.batch_operations import objects
from scripts.local_aws.batch_operations.manifest import Task
from scripts.local_aws.iam.sessions import Session

FORMAT = "Report_CSV_20180820"
SCHEMA = "Bucket, Key, VersionId, TaskStatus, ErrorCode, HTTPStatusCode, ResultMessage"
"""What AWS says in its reports. Its rows have HTTPStatusCode first and ErrorCode after it."""


@dataclass(frozen=True)
class Result:
    """What became of a task.

    Attributes:
        status: HTTP status.
        code: Error code; empty if it succeeded.
    """

    task: Task
    status: int
    code: str
    message: str

    @property
    def outcome(self) -> str:
        return "failed" if self.code else "succeeded"

    def row(self) -> list[str]:
        """Its row in a report, in the order that AWS writes."""
        task = self.task
        named = [task.bucket, task.written, task.version or ""]
        return [*named, self.outcome, str(self.status), self.code, self.message]


def write(session: Session, wanted: dict[str, Any], job: str, results: Iterable[Result]) -> None:
    """Write the report of a job with the permissions of its role.

    Args:
        wanted: `Report` of CreateJob.
        job: Id of the job.

    Raises:
        DeniedError: The role may not write there.
        S3ClientError: There is no such bucket.
    """
    if not wanted.get("Enabled"):
        return
    bucket = objects.name_in(wanted["Bucket"])
    prefix = wanted.get("Prefix", "").strip("/")
    folder = f"{prefix}/job-{job}" if prefix else f"job-{job}"
    listed = list(results)
    outcomes = ["failed"] if wanted["ReportScope"] == "FailedTasksOnly" else ["succeeded", "failed"]
    written = []
    for outcome in outcomes:
        rows = [each.row() for each in listed if each.outcome == outcome]
        if rows:
            content = _csv(rows)
            name = hashlib.sha1(content, usedforsecurity=False).hexdigest()
            key = f"{folder}/results/{name}.csv"
            objects.write(session, bucket, key, content)
            written.append(_entry(outcome, bucket, key, content))
    manifest = json.dumps(_manifest(written), indent=2).encode()
    objects.write(session, bucket, f"{folder}/manifest.json", manifest)
    objects.write(session, bucket, f"{folder}/manifest.json.md5", _md5(manifest).encode())


def _csv(rows: list[list[str]]) -> bytes:
    content = io.StringIO()
    csv.writer(content, lineterminator="\n").writerows(rows)
    return content.getvalue().encode()


def _entry(outcome: str, bucket: str, key: str, content: bytes) -> dict[str, str]:
    return {
        "TaskExecutionStatus": outcome,
        "Bucket": bucket,
        "MD5Checksum": _md5(content),
        "Key": key,
    }


def _manifest(written: list[dict[str, str]]) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "Format": FORMAT,
        "ReportCreationDate": now,
        "Results": written,
        "ReportSchema": SCHEMA,
    }


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
