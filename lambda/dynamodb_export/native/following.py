"""Looks how the exports that AWS makes come on; verifies and announces those that ended.

A verified export is written down before it is announced: partitioning asks the ledger. A run that
ends in between leaves it VERIFIED, and the next one announces it: twice perhaps, never not at all.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from batchworks.errors import JobError
from dynamodb_export import SERVICE, keys
from dynamodb_export.errors import telling
from dynamodb_export.native import announcements, ledger_store
from dynamodb_export.native.ledger import Export, Status, changed, in_status
from dynamodb_export.native.manifests import ManifestError, Place, verified_items
from dynamodb_export.native.run import Run

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import ExportDescriptionTypeDef

_LONG = timedelta(hours=12)  # AWS needs minutes to some hours

logger = logging.getLogger(SERVICE)


def follow(run: Run) -> Counter[str]:
    """Look at every open export of every ledger. One table's trouble doesn't stop the others.

    Returns:
        How many exports are `Completed`, `Failed`, `Open` and `Overdue` (open for long), and how
        many tables are in `Trouble`: what became of their exports couldn't be found out.

    Raises:
        AwsError: the ledgers can't be listed.
    """
    counts: Counter[str] = Counter()
    for table in ledger_store.tables(run.s3, run.bucket):
        try:
            _follow_table(run, table, counts)
        except JobError as error:
            counts["Trouble"] += 1
            logger.error(f"{table}: {error}")  # noqa: TRY400 - the message says all
    return counts


def _follow_table(run: Run, table: str, counts: Counter[str]) -> None:
    ledger = ledger_store.read(run.s3, run.bucket, table)
    for export in in_status(ledger, Status.STARTED, Status.VERIFIED):
        if export.status is Status.STARTED:
            _follow_export(run, table, export, counts)
        else:
            _announce(run, table, export, counts)


def _follow_export(run: Run, table: str, export: Export, counts: Counter[str]) -> None:
    told = _description(run, export)
    status = told.get("ExportStatus")
    if status == "IN_PROGRESS":
        counts["Open"] += 1
        _complain_if_overdue(run, table, export, counts)
    elif status == "COMPLETED":
        _verify(run, table, export, told, counts)
    else:
        reason = f"{told.get('FailureCode', status)}: {told.get('FailureMessage', 'no reason')}"
        _fail(run, table, export, f"AWS could not export it ({reason})", counts)


def _complain_if_overdue(run: Run, table: str, export: Export, counts: Counter[str]) -> None:
    if run.now - export.requested_at > _LONG:
        counts["Overdue"] += 1
        logger.warning(
            f"{table}: {export.arn} has been under way since {export.requested_at.isoformat()}, "
            f"longer than {_LONG}"
        )


def _verify(
    run: Run,
    table: str,
    export: Export,
    told: ExportDescriptionTypeDef,
    counts: Counter[str],
) -> None:
    place = Place(run.bucket, keys.native_prefix(table, export.day), export.id)
    try:
        items = verified_items(run.s3, place, told.get("ItemCount"))
    except ManifestError as error:
        _fail(run, table, export, str(error), counts)
        return
    verified = replace(export, status=Status.VERIFIED, items=items)
    _note(run, table, export, verified)
    _announce(run, table, verified, counts)


def _announce(run: Run, table: str, export: Export, counts: Counter[str]) -> None:
    announcements.completed(run, table, export)
    _note(run, table, export, replace(export, status=Status.COMPLETED))
    counts["Completed"] += 1
    logger.info(f"{table}: {export.arn} is complete: {export.items} items")


def _fail(run: Run, table: str, export: Export, reason: str, counts: Counter[str]) -> None:
    logger.error(f"{table}: {export.arn} failed: {reason}")
    announcements.failed(run, table, export.type, export, reason)
    _note(run, table, export, replace(export, status=Status.FAILED, reason=reason))
    counts["Failed"] += 1


def _note(run: Run, table: str, before: Export, after: Export) -> None:
    ledger_store.update(run.s3, run.bucket, table, lambda ledger: changed(ledger, before, after))


def _description(run: Run, export: Export) -> ExportDescriptionTypeDef:
    with telling(f"ask how the export {export.arn} comes on"):
        try:
            answer = run.dynamodb.describe_export(ExportArn=str(export.arn))
        except ClientError as error:
            if error.response["Error"]["Code"] != "ExportNotFoundException":
                raise
            return {"FailureCode": "ExportNotFoundException", "FailureMessage": "it is unknown"}
    return answer["ExportDescription"]
