"""Tells everyone who listens how a native export comes on."""

from __future__ import annotations

from typing import Any

from dynamodb_export import events, keys
from dynamodb_export.events import Kind
from dynamodb_export.native.ledger import Export, ExportType
from dynamodb_export.native.run import Run


def started(run: Run, table: str, arn: str) -> None:
    """AWS began an export.

    Raises:
        AwsError: the bus did not take it.
    """
    detail = {
        "tableName": table,
        "exportArn": arn,
        "environment": run.environment,
        "timestamp": run.now.isoformat(),
    }
    events.publish(run.events, Kind.STARTED, detail)


def completed(run: Run, table: str, export: Export) -> None:
    """An export was verified.

    Raises:
        AwsError: the bus did not take it.
    """
    detail = _detail(run, table, export.type, export)
    events.publish(run.events, Kind.COMPLETED, {**detail, "itemCount": export.items})


def failed(
    run: Run, table: str, export_type: ExportType, export: Export | None, reason: str
) -> None:
    """There is no export, or not what there should be in it.

    Args:
        export: None where it didn't even come to one.

    Raises:
        AwsError: the bus did not take it.
    """
    detail = _detail(run, table, export_type, export)
    events.publish(run.events, Kind.FAILED, {**detail, "reason": reason})


def _detail(run: Run, table: str, export_type: ExportType, export: Export | None) -> dict[str, Any]:
    detail = {
        "tableName": table,
        "exportType": export_type,
        "environment": run.environment,
        "date": run.now.date().isoformat(),
        "timestamp": run.now.isoformat(),
    }
    if export is None:
        return detail
    detail["date"] = export.day.isoformat()
    if export.arn:
        detail["exportArn"] = export.arn
        folder = f"{keys.native_prefix(table, export.day)}/AWSDynamoDB/{export.id}/"
        detail["s3Location"] = f"s3://{run.bucket}/{folder}"
    if export.begin:
        detail["exportFromTime"] = export.begin.isoformat()
        detail["exportToTime"] = export.end.isoformat()
    return detail
