"""A job: what was asked for, and how far it is."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from scripts.local_aws.account import ACCOUNT, PARTITION


class Status(StrEnum):
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-job-status.html"""

    NEW = "New"
    PREPARING = "Preparing"
    SUSPENDED = "Suspended"
    READY = "Ready"
    ACTIVE = "Active"
    COMPLETE = "Complete"
    FAILED = "Failed"
    CANCELLED = "Cancelled"


ENDED = {Status.COMPLETE, Status.FAILED, Status.CANCELLED}


@dataclass
class Job:
    """A job of S3 Batch Operations.

    Attributes:
        asked: The CreateJob request.
        total: Tasks, once its manifest has been read.
        failure: Code and reason, if it failed as a whole.
    """

    id: str
    region: str
    asked: dict[str, Any]
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    status: Status = Status.NEW
    total: int = 0
    succeeded: int = 0
    failed: int = 0
    failure: tuple[str, str] | None = None
    changing: threading.RLock = field(default_factory=threading.RLock)

    @property
    def arn(self) -> str:
        return f"arn:{PARTITION}:s3:{self.region}:{ACCOUNT}:job/{self.id}"

    @property
    def needs_confirmation(self) -> bool:
        return bool(self.asked.get("ConfirmationRequired"))

    def becomes(self, status: Status) -> bool:
        """Go on to another status, unless it has ended; whether it did."""
        with self.changing:
            if self.status in ENDED:
                return False
            self.status = status
            if status in ENDED:
                self.ended = datetime.now(UTC)
            return True

    def fails(self, code: str, reason: str) -> None:
        """End as a whole, whatever its tasks did."""
        self.failure = (code, reason)
        self.becomes(Status.FAILED)

    def summary(self) -> dict[str, Any]:
        """Progress, as AWS counts it."""
        spent = (self.ended or datetime.now(UTC)) - self.created
        return {
            "TotalNumberOfTasks": self.total,
            "NumberOfTasksSucceeded": self.succeeded,
            "NumberOfTasksFailed": self.failed,
            "Timers": {"ElapsedTimeInActiveSeconds": int(spent.total_seconds())},
        }

    def described(self) -> dict[str, Any]:
        """What DescribeJob answers."""
        kept = ("ConfirmationRequired", "Description", "Manifest", "Operation", "Priority")
        described = {name: self.asked.get(name) for name in (*kept, "Report", "RoleArn")}
        if self.failure:
            code, reason = self.failure
            described["FailureReasons"] = [{"FailureCode": code, "FailureReason": reason}]
        if self.status is Status.SUSPENDED:
            described["SuspendedCause"] = "AwaitingConfirmation"
        return described | {
            "JobId": self.id,
            "JobArn": self.arn,
            "Status": str(self.status),
            "ProgressSummary": self.summary(),
            "CreationTime": self.created,
            "TerminationDate": self.ended,
        }

    def listed(self) -> dict[str, Any]:
        """What ListJobs answers of it."""
        [operation] = self.asked["Operation"]
        return {
            "JobId": self.id,
            "Description": self.asked.get("Description"),
            "Operation": operation,
            "Priority": self.asked["Priority"],
            "Status": str(self.status),
            "CreationTime": self.created,
            "TerminationDate": self.ended,
            "ProgressSummary": self.summary(),
        }
