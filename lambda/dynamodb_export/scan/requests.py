"""What export-dynamodb is asked for, and what it answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from batchworks.errors import JobError
from dynamodb_export import events
from dynamodb_export.events import Kind
from dynamodb_export.scan.export import Request, Result
from dynamodb_export.settings import Mode, Settings

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

_RUN_ID = re.compile(r"[A-Za-z0-9_.-]{1,100}")


def request(settings: Settings, asked: Mapping[str, Any], own_id: str, now: datetime) -> Request:
    """Which table a request means, and as which run.

    Args:
        settings: the environment's.
        asked: `tableName` (else the setting's), `runId` and `date` (YYYY-MM-DD, UTC) of a run that
            was asked for by a schedule; `continuation` of one that goes on.
        own_id: of the event or invocation, the same when that is repeated.
        now: the time, UTC.

    Raises:
        JobError: one of them is malformed, or the table isn't configured.
    """
    continuation = asked.get("continuation")
    run = continuation or asked.get("runId") or own_id
    if not isinstance(run, str) or not _RUN_ID.fullmatch(run):
        raise JobError(f"the run id is {run!r}: give letters, digits, '-', '_' or '.', at most 100")
    return Request(
        plan=settings.plan(asked.get("tableName") or settings.table_name),
        run=run,
        day=_day(asked.get("date"), now),
        only_continue=continuation is not None,
    )


def ask_for_all(
    settings: Settings, own_id: str, now: datetime, bus: EventBridgeClient
) -> list[str]:
    """Ask for a run of its own for each table that is scanned daily; these tables.

    Raises:
        AwsError: the bus did not take all requests.
    """
    tables = [plan.name for plan in settings.in_modes(Mode.SCAN)]
    details = [
        {
            "tableName": table,
            "runId": own_id,
            "date": f"{now.date()}",
            "environment": settings.environment,
            "timestamp": now.astimezone(UTC).isoformat(timespec="seconds"),
        }
        for table in tables
    ]
    events.publish_all(bus, Kind.REQUESTED, details)
    return tables


def told(result: Result) -> dict[str, Any]:
    """What callers read of a run, besides its message."""
    counted = {"tableName": result.table, "itemCount": result.items}
    if result.outcome == "complete":
        return counted | {"s3Location": result.location}
    return counted | {"continuation": result.run}


def _day(text: object, now: datetime) -> date:
    if text is None:
        return now.date()
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise JobError(f"the date is {text!r}: give it as YYYY-MM-DD, UTC") from error
