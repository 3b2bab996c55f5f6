"""One execution of a task: where it is, what it counted, how it ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """Where an execution is."""

    QUEUED = "QUEUED"
    LAUNCHING = "LAUNCHING"
    PREPARING = "PREPARING"
    TRANSFERRING = "TRANSFERRING"
    VERIFYING = "VERIFYING"
    SUCCESS = "SUCCESS"
    ERROR = "ERROR"


ENDED = {Status.SUCCESS, Status.ERROR}
_PHASES = {
    Status.PREPARING: "Prepare",
    Status.TRANSFERRING: "Transfer",
    Status.VERIFYING: "Verify",
}


class TransferError(Exception):
    """A transfer can't go on.

    Attributes:
        code: ErrorCode of its result.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Execution:
    """One execution of a task.

    Attributes:
        arn: Its own.
        task: The task's settings as they were when it was asked for, overrides applied.
        counts: Fields of DescribeTaskExecution: files, bytes.
        cancelled: Set when somebody wants it to end.
        error: Why it ended in an error.
    """

    arn: str
    task: Mapping[str, Any]
    status: Status = Status.QUEUED
    counts: dict[str, int] = field(default_factory=dict)
    cancelled: threading.Event = field(default_factory=threading.Event)
    error: TransferError | None = None
    _asked: datetime = field(default_factory=lambda: datetime.now(UTC))
    _since: float = field(default_factory=time.monotonic)
    _took: dict[Status, int] = field(default_factory=dict)

    def enter(self, status: Status) -> None:
        """Go on to the next status; what the last one took is known then."""
        now = time.monotonic()
        self._took[self.status] = int((now - self._since) * 1000)
        self._since, self.status = now, status

    def fail(self, error: TransferError) -> None:
        """End in an error."""
        self.error = error
        self.enter(Status.ERROR)

    def count(self, name: str, number: int = 1) -> None:
        """Add to one of the counts."""
        self.counts[name] = self.counts.get(name, 0) + number

    def described(self) -> dict[str, Any]:
        """As DescribeTaskExecution tells it."""
        return {
            "TaskExecutionArn": self.arn,
            "Status": self.status,
            "StartTime": self._asked.timestamp(),
            "TaskMode": "BASIC",
            **{name: self.task[name] for name in ("Options", "Includes", "Excludes")},
            **dict(self.counts),
            "Result": self._result(),
        }

    def _result(self) -> dict[str, Any]:
        result: dict[str, Any] = {"TotalDuration": sum(self._took.values())}
        for phase, name in _PHASES.items():
            if phase in self._took:
                result |= {f"{name}Duration": self._took[phase], f"{name}Status": "SUCCESS"}
            else:
                result[f"{name}Status"] = "ERROR" if self.status is Status.ERROR else "PENDING"
        if self.error:
            result |= {"ErrorCode": self.error.code, "ErrorDetail": str(self.error)}
            result |= self._failed_phase()
        return result

    def _failed_phase(self) -> dict[str, str]:
        """The phase that an error ended is the last one that took time."""
        last = next((phase for phase in reversed(_PHASES) if phase in self._took), None)
        return {f"{_PHASES[last]}Status": "ERROR"} if last else {}
