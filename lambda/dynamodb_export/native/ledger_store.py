"""Keeps the ledgers in the bucket, so that no run overwrites what another one wrote."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from botocore.exceptions import ClientError

from batchworks.errors import JobError, TemporaryError
from dynamodb_export import keys
from dynamodb_export.errors import telling
from dynamodb_export.native.ledger import Export, ExportType, Ledger, Status

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_FORM = 1
_TRIES = 10  # another run writes a table's ledger a few times a minute at most
# Somebody else wrote at the same time:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
_CONFLICTS = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409"}


class LedgerError(JobError):
    """A ledger can't be understood."""


class BusyLedgerError(TemporaryError):
    """Other runs kept writing a ledger."""


def tables(s3: S3Client, bucket: str) -> list[str]:
    """Every table that has a ledger.

    Raises:
        AwsError: the bucket can't be listed.
    """
    prefix = keys.native_ledger("").removesuffix(".json")
    with telling(f"list s3://{bucket}/{prefix}"):
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        names = [
            each["Key"].removeprefix(prefix) for page in pages for each in page.get("Contents", [])
        ]
    return [unquote(name.removesuffix(".json")) for name in names if name.endswith(".json")]


def read(s3: S3Client, bucket: str, table: str) -> Ledger:
    """A table's ledger; an empty one where there is none.

    Raises:
        LedgerError: it is garbled.
        AwsError: it can't be read.
    """
    return _read(s3, bucket, table)[0]


def update(s3: S3Client, bucket: str, table: str, change: Callable[[Ledger], Ledger]) -> Ledger:
    """Change a table's ledger.

    Args:
        change: pure; done again on the newer ledger where another run wrote in between.

    Returns:
        The ledger as it is now.

    Raises:
        LedgerError: it is garbled.
        BusyLedgerError: others wrote again and again.
        AwsError: it can't be read or written.
    """
    for _ in range(_TRIES):
        before, etag = _read(s3, bucket, table)
        after = change(before)
        if after == before or _write(s3, bucket, after, etag):
            return after
    raise BusyLedgerError(
        f"the ledger of {table} was changed by other runs {_TRIES} times in a row: repeat the run"
    )


def _read(s3: S3Client, bucket: str, table: str) -> tuple[Ledger, str | None]:
    key = keys.native_ledger(table)
    doing = f"read the ledger s3://{bucket}/{key}"
    with telling(doing):
        try:
            answer = s3.get_object(Bucket=bucket, Key=key)
            content = answer["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in {"NoSuchKey", "404"}:
                return Ledger(table), None
            raise
    try:
        return _parsed(table, json.loads(content)), answer["ETag"]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise LedgerError(
            f"the ledger s3://{bucket}/{key} is garbled ({type(error).__name__}: {error}): bring "
            f"back the version of the object before it; without one, delete it and the exports of "
            f"{table} begin anew with a full export"
        ) from error


def _write(s3: S3Client, bucket: str, ledger: Ledger, etag: str | None) -> bool:
    """Whether it was written: nobody else did since it was read."""
    key = keys.native_ledger(ledger.table)
    condition: dict[str, Any] = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
    with telling(f"write the ledger s3://{bucket}/{key}"):
        try:
            s3.put_object(
                Bucket=bucket,
                Key=key,
                Body=_text(ledger).encode(),
                ContentType="application/json",
                ServerSideEncryption="AES256",
                **condition,
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in _CONFLICTS:
                return False
            raise
    return True


def _text(ledger: Ledger) -> str:
    return json.dumps({"form": _FORM, **asdict(ledger)}, default=_written, indent=1)


def _written(value: date | datetime) -> str:
    return value.isoformat()


def _parsed(table: str, said: dict[str, Any]) -> Ledger:
    if said["form"] != _FORM or said["table"] != table:
        raise ValueError(f"it is of form {said['form']} and about {said['table']}")
    return Ledger(
        table,
        exports=tuple(_export(each) for each in said["exports"]),
        planned_to=_moment(said["planned_to"]),
        checkpoint=_moment(said["checkpoint"]),
    )


def _export(said: dict[str, Any]) -> Export:
    return Export(
        type=ExportType(said["type"]),
        begin=_moment(said["begin"]),
        end=_utc(said["end"]),
        day=date.fromisoformat(said["day"]),
        chained=bool(said["chained"]),
        requested_at=_utc(said["requested_at"]),
        attempt=int(said["attempt"]),
        status=Status(said["status"]),
        arn=said["arn"],
        items=said["items"],
        reason=said["reason"],
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else _utc(text)


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment
