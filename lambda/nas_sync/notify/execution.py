"""What Step Functions and DataSync know about a run that failed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from nas_sync.aws import telling

if TYPE_CHECKING:
    from mypy_boto3_datasync import DataSyncClient
    from mypy_boto3_stepfunctions import SFNClient

_WORKING = {"TaskStateEntered", "MapStateEntered"}
_CLEANING_UP = {"DisconnectVPNAfterFailure", "CancelDataSync", "DescribeFailure"}


def failed_state(sfn: SFNClient, execution: str) -> str | None:
    """The name of the state in which a run failed; None where the history doesn't tell."""
    pages = sfn.get_paginator("get_execution_history").paginate(
        executionArn=execution, reverseOrder=True, includeExecutionData=False
    )
    with telling(f"read the history of {execution}"):
        return last_working(event for page in pages for event in page["events"])


def last_working(latest_first: Iterable[Mapping[str, Any]]) -> str | None:
    """The state that worked last before the machine cleaned up. Pure.

    Where none had worked yet, it is the choice that led to the failure.

    Args:
        latest_first: Events of a history.
    """
    choice: str | None = None
    for event in latest_first:
        name = str(event.get("stateEnteredEventDetails", {}).get("name", ""))
        if event["type"] in _WORKING and name not in _CLEANING_UP:
            return name
        if event["type"] == "ChoiceStateEntered":
            choice = choice or name
    return choice


def transfer_error(datasync: DataSyncClient, transfer: str) -> str | None:
    """Why a transfer failed, in DataSync's words; None where it didn't.

    Args:
        transfer: ARN of the task execution.
    """
    with telling(f"look at the transfer {transfer}"):
        result = datasync.describe_task_execution(TaskExecutionArn=transfer).get("Result", {})
    told = [result.get("ErrorCode"), result.get("ErrorDetail")]
    return ": ".join(each for each in told if each) or None
