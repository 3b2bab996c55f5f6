"""Lets AWS export tables, each export once, whatever kills the runs that ask for it.

What is due stands in the table's ledger before AWS is asked. A run that ends before it wrote down
the answer leaves the export there as REQUESTED, and the next one asks again: with the same token,
for which AWS starts no second export within eight hours; later on, it looks for the token among
the exports that there are.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExportTableToPointInTime.html
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from batchworks.errors import JobError
from dynamodb_export import SERVICE, keys
from dynamodb_export.errors import telling
from dynamodb_export.native import announcements, ledger_store
from dynamodb_export.native.ledger import (
    Export,
    ExportType,
    Ledger,
    Reach,
    Status,
    changed,
    client_token,
    due,
    in_status,
    latest_of,
    why_broken,
)
from dynamodb_export.native.run import Run

_TOKEN_IS_GOOD = timedelta(hours=7)  # AWS says 8; a call may take a while

logger = logging.getLogger(SERVICE)


class NotExportableError(JobError):
    """AWS can't export the table as it is."""


@dataclass(frozen=True)
class Row:
    """What came of one export."""

    table: str
    type: ExportType
    arn: str | None = None
    error: str | None = None
    export: Export | None = None

    @property
    def failed(self) -> bool:
        """Whether there is no export."""
        return self.error is not None

    def answer(self) -> dict[str, Any]:
        """The row as callers read it."""
        told = {"tableName": self.table, "exportType": self.type}
        if self.error is not None:
            return {**told, "error": self.error, "status": "FAILED"}
        if self.export and self.export.begin:
            told["exportFromTime"] = self.export.begin.isoformat()
            told["exportToTime"] = self.export.end.isoformat()
        return {**told, "exportArn": self.arn, "status": "INITIATED"}


def export_tables(run: Run, wanted: Iterable[tuple[str, ExportType]]) -> Iterator[Row]:
    """Start what is due of some tables. One table's failure doesn't stop the others.

    Args:
        wanted: names of tables and the type of export.
    """
    for table, export_type in wanted:
        try:
            yield from _export_table(run, table, export_type)
        except JobError as error:
            yield _failed(run, Row(table, export_type, error=str(error)))


def _export_table(run: Run, table: str, wanted: ExportType) -> Iterator[Row]:
    reach = _reach(run, table)
    if wanted is ExportType.INCREMENTAL:
        known = ledger_store.read(run.s3, run.bucket, table)
        if why := why_broken(known, reach):
            yield _failed(run, Row(table, wanted, error=why))
    ledger = ledger_store.update(
        run.s3, run.bucket, table, lambda ledger: due(ledger, wanted, reach, run.now)
    )
    requested = in_status(ledger, Status.REQUESTED)
    for export in requested:
        yield from _start(run, table, export)
    if not requested:
        for export in latest_of(ledger, wanted, run.now.date()):
            yield Row(table, export.type, arn=export.arn, export=export)


def _start(run: Run, table: str, export: Export) -> Iterator[Row]:
    try:
        arn = _arn_of(run, table, export)
        if arn is None:
            never = replace(export, status=Status.FAILED, reason="it was never begun")
            _note(run, table, export, never)
            return
        announcements.started(run, table, arn)
        _note(run, table, export, replace(export, status=Status.STARTED, arn=arn))
    except JobError as error:
        row = Row(table, export.type, error=str(error), export=export)
        yield _failed(run, row)
    else:
        logger.info(f"{table}: {export.type} {arn} is under way")
        yield Row(table, export.type, arn=arn, export=export)


def _note(run: Run, table: str, before: Export, after: Export) -> Ledger:
    return ledger_store.update(
        run.s3, run.bucket, table, lambda ledger: changed(ledger, before, after)
    )


def _failed(run: Run, row: Row) -> Row:
    """Tell of a failure; where even that fails, the row and the log do."""
    logger.error(f"{row.table}: {row.type} failed: {row.error}")
    try:
        announcements.failed(run, row.table, row.type, row.export, str(row.error))
    except JobError as error:
        logger.error(f"{row.table}: {error}")  # noqa: TRY400 - the message says all
    return row


def _reach(run: Run, table: str) -> Reach:
    """From when to when the table can be exported.

    Raises:
        NotExportableError: point-in-time recovery is off, or begins later.
        AwsError: AWS refused to tell.
    """
    with telling(f"read how the table {table} is backed up"):
        answer = run.dynamodb.describe_continuous_backups(TableName=table)
    said = answer["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
    earliest, latest = said.get("EarliestRestorableDateTime"), said.get("LatestRestorableDateTime")
    if said.get("PointInTimeRecoveryStatus") != "ENABLED" or not (earliest and latest):
        raise NotExportableError(
            f"point-in-time recovery of the table {table} is off, and AWS exports nothing without: "
            f"turn it on with `aws dynamodb update-continuous-backups --table-name {table} "
            "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`"
        )
    first = _whole(earliest.timestamp(), up=True)
    last = min(max(_whole(latest.timestamp()), first), run.now)
    if last < first:
        raise NotExportableError(
            f"point-in-time recovery of the table {table} begins at {first.isoformat()}: export it "
            "again after that"
        )
    return Reach(first, last)


def _whole(timestamp: float, *, up: bool = False) -> datetime:
    """AWS counts in whole seconds."""
    return datetime.fromtimestamp(math.ceil(timestamp) if up else math.floor(timestamp), UTC)


def _arn_of(run: Run, table: str, export: Export) -> str | None:
    """The ARN of an export that was perhaps asked for before; None: it was not, and is too old.

    Raises:
        AwsError: AWS refused the export, or to tell of it.
    """
    if run.now - export.requested_at < _TOKEN_IS_GOOD:
        return _ask(run, table, export)
    if arn := _found(run, table, export):
        return arn
    if export.chained or export.day == run.now.date():
        return _ask(run, table, export)
    logger.warning(f"{table}: the full export of {export.day} was never begun; there are newer")
    return None


def _ask(run: Run, table: str, export: Export) -> str:
    what: dict[str, Any] = {"ExportType": export.type, "ExportTime": export.end}
    if export.begin:
        what = {
            "ExportType": export.type,
            "IncrementalExportSpecification": {
                "ExportFromTime": export.begin,
                "ExportToTime": export.end,
                "ExportViewType": "NEW_AND_OLD_IMAGES",
            },
        }
    with telling(f"export the table {table}"):
        answer = run.dynamodb.export_table_to_point_in_time(
            TableArn=_table_arn(run, table),
            ClientToken=client_token(run.bucket, table, export),
            S3Bucket=run.bucket,
            S3BucketOwner=run.account_id,
            S3Prefix=keys.native_prefix(table, export.day),
            S3SseAlgorithm="AES256",
            ExportFormat="DYNAMODB_JSON",
            **what,
        )
    return answer["ExportDescription"]["ExportArn"]


def _found(run: Run, table: str, export: Export) -> str | None:
    """The export that was started with this token, among those of the last 90 days."""
    token = client_token(run.bucket, table, export)
    with telling(f"look for exports of the table {table}"):
        request = {"TableArn": _table_arn(run, table)}
        while True:
            page = run.dynamodb.list_exports(**request)  # type: ignore[arg-type]
            for each in page["ExportSummaries"]:
                arn = each["ExportArn"]
                told = run.dynamodb.describe_export(ExportArn=arn)["ExportDescription"]
                if told.get("ClientToken") == token:
                    return arn
            if not (more := page.get("NextToken")):
                return None
            request["NextToken"] = more


def _table_arn(run: Run, table: str) -> str:
    region = run.dynamodb.meta.region_name
    return f"arn:aws:dynamodb:{region}:{run.account_id}:table/{table}"
