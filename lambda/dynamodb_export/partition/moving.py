"""Moves one object within the bucket: copy, verify, delete what was verified.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from batchworks.errors import JobError
from dynamodb_export.errors import telling
from dynamodb_export.partition.copying import CHECKSUMS, Copy, StoppedError, copy

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ARCHIVED = {"GLACIER", "DEEP_ARCHIVE"}
_ABSENT = {"404", "NoSuchKey", "NotFound"}
_CHANGED = {"412", "PreconditionFailed", "ConditionalRequestConflict"}


class Outcome(StrEnum):
    """What became of an object."""

    MOVED = "moved"
    GONE = "gone"  # another run moved it
    CHANGED = "changed"  # somebody else wrote meanwhile: the next run looks again
    ARCHIVED = "archived"  # S3 Glacier gives nothing to copy
    STOPPED = "stopped"  # there was no time
    PLANNED = "planned"  # a dry run


class LostError(JobError):
    """An object that has to be somewhere is nowhere."""


class NotSameError(JobError):
    """A copy isn't what its source is."""


@dataclass(frozen=True)
class Move:
    """Which object, and where to."""

    bucket: str
    source: str
    target: str


def move(s3: S3Client, what: Move, goes_on: Callable[[], bool]) -> Outcome:
    """Move an object. Where its copy is there already, only the source goes.

    What lies at the target and is something else is replaced: it came from the same source, earlier
    on. A versioned bucket keeps it for a while.

    Args:
        goes_on: whether there is time; asked before every part.

    Raises:
        LostError: it is neither at its source nor at its target.
        NotSameError: the copy isn't what the source is; the source stays.
        AwsError: S3 refused a step; the next run does what is left.
    """
    if not goes_on():
        return Outcome.STOPPED
    with telling(f"move s3://{what.bucket}/{what.source} to {what.target}"):
        try:
            return _move(s3, what, goes_on)
        except StoppedError:
            return Outcome.STOPPED
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _ABSENT:
                return Outcome.GONE
            if code in _CHANGED:
                return Outcome.CHANGED
            raise


def _move(s3: S3Client, what: Move, goes_on: Callable[[], bool]) -> Outcome:
    source = _head(s3, what.bucket, what.source)
    there = _head(s3, what.bucket, what.target)
    if source is None:
        _require(what, there)
        return Outcome.GONE
    if source.get("StorageClass") in ARCHIVED:
        return Outcome.ARCHIVED
    if there is None or _difference(source, there):
        copy(s3, Copy(what.bucket, what.source, what.target, source, goes_on), there)
        _verify(what, source, _head(s3, what.bucket, what.target))
    # Refused where another version than the verified one has come:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
    s3.delete_object(Bucket=what.bucket, Key=what.source, IfMatch=source["ETag"])
    return Outcome.MOVED


def _head(s3: S3Client, bucket: str, key: str) -> Mapping[str, Any] | None:
    try:
        return s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return None
        raise


def _require(what: Move, there: Mapping[str, Any] | None) -> None:
    if there is None:
        raise LostError(
            f"s3://{what.bucket}/{what.source} is gone and isn't at {what.target}: bring its last "
            "version back, and see who deletes there"
        )


def _verify(what: Move, source: Mapping[str, Any], copied: Mapping[str, Any] | None) -> None:
    found = "it isn't there" if copied is None else _difference(source, copied)
    if found:
        raise NotSameError(
            f"the copy of s3://{what.bucket}/{what.source} at {what.target} isn't what its source "
            f"is ({found}): the source stays; see who else writes there, and repeat the run"
        )


def _difference(source: Mapping[str, Any], copied: Mapping[str, Any]) -> str | None:
    """What tells two objects apart, by what S3 knows of their content."""
    names = ["ContentLength", "ETag"]
    if source.get("ChecksumType") == copied.get("ChecksumType"):
        both = source.keys() & copied.keys()
        names += [name for name in CHECKSUMS if name in both]
    for name in names:
        if source[name] != copied[name]:
            return f"{name} {copied[name]} instead of {source[name]}"
    return None
