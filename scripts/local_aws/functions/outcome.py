"""What came of one invocation, and Lambda's own words for the ends a handler can't report."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True)
class Reply:
    """What the caller gets.

    Attributes:
        payload: JSON: the handler's answer, or Lambda's error document.
        error: The `errorType`; None when the handler answered.
        remark: What Lambda itself adds to the log, whole lines.
    """

    payload: bytes
    error: str | None = None
    remark: str = ""

    @property
    def message(self) -> str:
        """The `errorMessage` of a failure."""
        return _field(self.payload, "errorMessage")


@dataclass(frozen=True)
class Outcome:
    """One finished invocation.

    Attributes:
        duration: Milliseconds.
        start_up: Milliseconds that a cold start added; None when the process was warm.
        peak_memory: MB; None where it isn't known.
    """

    reply: Reply
    duration: float
    start_up: float | None
    peak_memory: int | None


def timed_out(request_id: str, timeout: int) -> Reply:
    """The process was killed because it ran longer than `timeout` seconds."""
    said = f"Task timed out after {timeout}.00 seconds"
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return _failure(
        "Sandbox.Timedout",
        f"RequestId: {request_id} Error: {said}",
        remark=f"{now} {request_id} {said}\n",
    )


def exited(request_id: str, code: int) -> Reply:
    """The process ended by itself, or was killed from outside.

    Args:
        code: Its exit status; -N when signal N ended it.
    """
    if code == 0:
        reason = "Runtime exited without providing a reason"
    elif code > 0:
        reason = f"Runtime exited with error: exit status {code}"
    else:
        name = (signal.strsignal(-code) or str(-code)).lower()
        reason = f"Runtime exited with error: signal: {name}"
    said = f"RequestId: {request_id} Error: {reason}"
    return _failure("Runtime.ExitError", said, remark=f"{said}\nRuntime.ExitError\n")


def not_mounted(kind: str, message: str) -> Reply:
    """The process was not even started: its file system can't be mounted.

    Args:
        kind: Lambda's name of the error.
    """
    return _failure(kind, message, remark="")


def error_type(document: bytes) -> str:
    """The `errorType` of an error document."""
    return _field(document, "errorType") or "Error"


def _failure(kind: str, message: str, *, remark: str) -> Reply:
    document = json.dumps({"errorType": kind, "errorMessage": message})
    return Reply(document.encode(), error=kind, remark=remark)


def _field(document: bytes, name: str) -> str:
    content = json.loads(document)
    return str(content.get(name, "")) if isinstance(content, dict) else ""
