"""The completion report of a job of S3 Batch Operations.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-examples-reports.html
"""

from __future__ import annotations

import codecs
import csv
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from scripts.archive.restore.outcomes import Outcome, Status, refused

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_BY_STATUS = {"403": "AccessDenied", "404": "NoSuchKey", "409": "RestoreAlreadyInProgress"}


def read(s3: S3Client, bucket: str, folder: str, job: str) -> Iterator[tuple[str, Outcome]]:
    """What the report says of each object, by key; nothing if there is no report.

    Args:
        folder: what the job was told as prefix of its report.
        job: its id.
    """
    manifest = f"{folder}/job-{job}/manifest.json"
    if not s3.list_objects_v2(Bucket=bucket, Prefix=manifest, MaxKeys=1).get("KeyCount"):
        return
    content = json.loads(s3.get_object(Bucket=bucket, Key=manifest)["Body"].read())
    for part in content["Results"]:
        body = s3.get_object(Bucket=bucket, Key=part["Key"])["Body"]
        for row in csv.reader(codecs.getreader("utf-8")(body)):
            yield outcome(row)


def outcome(row: list[str]) -> tuple[str, Outcome]:
    """What one row of the report says."""
    _, key, _, task, *codes, message = row[:7]
    if task == "succeeded":
        return unquote_plus(key), Outcome(Status.REQUESTED)
    return unquote_plus(key), refused(_code(codes, message), message)


def _code(codes: list[str], message: str) -> str:
    """S3's error code: best from its own message, else by the HTTP status, wherever it stands."""
    if found := re.search(r"Error Code: (\w+)", message):
        return found[1]
    status = next((code for code in codes if code.isdigit()), "")
    other = next((code for code in codes if code and not code.isdigit()), "")
    if other in ("", "PermanentFailure"):
        return _BY_STATUS.get(status, other or "Failed")
    return other
