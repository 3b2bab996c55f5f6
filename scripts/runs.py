"""Starts runs of a job and reads what they log."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from scripts.environments import Environment, function_name
from scripts.terminal import harmless

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_logs import CloudWatchLogsClient

TOKYO = ZoneInfo("Asia/Tokyo")
START_SECONDS = 90  # a cold start inside a VPC and the delay of CloudWatch Logs, with room
RUN_SECONDS = 900  # Lambda's longest time-out
RECENT = timedelta(minutes=5)


class NoRuleError(Exception):
    """The job has no such rule."""


class NotSentError(Exception):
    """EventBridge refused the event."""


class NoRunError(Exception):
    """The event was sent but no run ended in time."""


@dataclass(frozen=True)
class LogLine:
    """One event of a log group; `fields` is empty where the line isn't JSON."""

    time: datetime
    text: str
    fields: dict[str, Any]

    def readable(self) -> str:
        """The line as an operator reads it: Tokyo time, level, message, item."""
        clock = self.time.astimezone(TOKYO).strftime("%m-%d %H:%M:%S")
        if not self.fields:
            return harmless(f"{clock}  {self.text}")
        message = self.fields.get("message", "")
        return harmless(f"{clock}  {self.fields.get('level', ''):7} {message}")


def log_group(job: str, environment: Environment) -> str:
    """The log group of a job's function."""
    return f"/aws/lambda/{function_name(job, environment)}"


def send_manual_event(events: EventBridgeClient, job: str, environment: str) -> str:
    """Ask for a run now.

    Args:
        events: client of the account.
        job: name of the job, such as `sync-batch`.
        environment: whose job is meant: several environments may share an account.

    Returns:
        The event's id, which the run writes into its log lines.

    Raises:
        NotSentError: EventBridge took the call but not the entry (`FailedEntryCount` > 0).
    """
    detail = json.dumps({"job": job, "environment": environment})
    answer = events.put_events(
        Entries=[{"Source": "batch-scheduler", "DetailType": "manual-trigger", "Detail": detail}]
    )
    entry = answer["Entries"][0]
    if answer["FailedEntryCount"]:
        raise NotSentError(f"EventBridge refused it: {entry['ErrorCode']}: {entry['ErrorMessage']}")
    return entry["EventId"]


def read_log(
    logs: CloudWatchLogsClient, group: str, since: datetime, containing: str = ""
) -> Iterator[LogLine]:
    """Lines of a log group, oldest first; metrics, which are for CloudWatch, are left out.

    Args:
        logs: client of the account.
        group: name of the log group.
        since: lines from then on.
        containing: only lines in which this text stands.
    """
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=group,
        startTime=int(since.timestamp() * 1000),
        filterPattern=f'"{containing}"' if containing else "",
    )
    for page in pages:
        for event in page["events"]:
            moment = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
            text = event["message"].rstrip()
            fields = _json(text)
            if "_aws" not in fields:
                yield LogLine(moment, text, fields)


def follow(logs: CloudWatchLogsClient, group: str, event_id: str) -> Iterator[LogLine]:
    """Lines of the run that an event started, as they come; the last one tells its end.

    The event was sent within the last minutes: clocks differ, and only its run logs its id.

    Raises:
        NoRunError: no run began, or none ended, within the time a run may take.
    """
    began, seen = datetime.now(UTC), set[tuple[datetime, str]]()
    while (waited := (datetime.now(UTC) - began).total_seconds()) < RUN_SECONDS + START_SECONDS:
        if not seen and waited > START_SECONDS:
            raise NoRunError(
                f"no run began within {START_SECONDS} s: is the job enabled? "
                "See its rules and its dead-letter queue."
            )
        for line in read_log(logs, group, began - RECENT, event_id):
            if (line.time, line.text) in seen:
                continue
            seen.add((line.time, line.text))
            yield line
            if outcome(line):
                return
        time.sleep(1)
    raise NoRunError(f"the run did not end within {RUN_SECONDS} s; its log group is {group}")


def outcome(line: LogLine) -> str | None:
    """How the run ended, if this line tells it: complete, partial, busy or failed."""
    value = line.fields.get("outcome")
    return str(value) if value else None


def _json(text: str) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except ValueError:
        return {}
    return fields if isinstance(fields, dict) else {}
