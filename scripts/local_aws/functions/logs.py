"""Writes what a function prints into its log group, as far as its role allows."""

from __future__ import annotations

import logging
import re

from moto.core.utils import unix_time_millis
from moto.logs.models import LogsBackend, logs_backends

from scripts.local_aws.account import ACCOUNT, PARTITION
from scripts.local_aws.functions.function import Function
from scripts.local_aws.functions.outcome import Outcome
from scripts.local_aws.iam.decisions import may

_log = logging.getLogger(__name__)


class Log:
    """The log of one invocation, in Lambda's words, written while it runs.

    Attributes:
        text: All of it so far.
    """

    def __init__(self, function: Function, stream: str, request_id: str) -> None:
        """Begin with START, which is written together with the first lines.

        Args:
            stream: Name of the log stream.
        """
        self.text = f"START RequestId: {request_id} Version: {function.version}\n"
        self._function = function
        self._stream = stream
        self._request_id = request_id
        self._written = 0

    def add(self, lines: str) -> None:
        """Write whole lines."""
        if lines:
            self.text += lines
            _write(self._function, self._stream, self.text[self._written :])
            self._written = len(self.text)

    def end(self, outcome: Outcome) -> None:
        """Write END and REPORT."""
        report = [
            f"REPORT RequestId: {self._request_id}",
            f"Duration: {outcome.duration:.2f} ms",
            f"Billed Duration: {int(outcome.duration) + 1} ms",
            f"Memory Size: {self._function.memory} MB",
        ]
        if outcome.peak_memory is not None:
            report.append(f"Max Memory Used: {outcome.peak_memory} MB")
        if outcome.start_up is not None:
            report.append(f"Init Duration: {outcome.start_up:.2f} ms")
        if outcome.reply.error == "Sandbox.Timedout":
            report.append("Status: timeout")
        self.add(f"END RequestId: {self._request_id}\n" + "\t".join(report) + "\n")


def _write(function: Function, stream: str, lines: str) -> None:
    """Write lines into a log stream; each becomes an event.

    A carriage return, with which the runtime client holds a traceback together, becomes a line
    break within its event. Without permission the lines are lost, as in AWS.
    """
    backend = logs_backends[ACCOUNT][function.region]
    if not _has_stream(backend, function, stream):
        return
    if _forbidden(function, "logs:PutLogEvents", f"log-stream:{stream}"):
        return
    now = int(unix_time_millis())
    messages = [line.replace("\r", "\n") for line in re.findall(r"[^\n]*\n", lines)]
    events = [{"timestamp": now, "message": message} for message in messages]
    backend.put_log_events(function.log_group, stream, events)


def _has_stream(backend: LogsBackend, function: Function, stream: str) -> bool:
    """Whether there is the log stream, after making what may be made."""
    if function.log_group not in backend.groups:
        if _forbidden(function, "logs:CreateLogGroup", "*"):
            return False
        backend.ensure_log_group(function.log_group)
    if stream not in backend.groups[function.log_group].streams:
        if _forbidden(function, "logs:CreateLogStream", f"log-stream:{stream}"):
            return False
        backend.ensure_log_stream(function.log_group, stream)
    return True


def _forbidden(function: Function, action: str, resource: str) -> bool:
    group = f"arn:{PARTITION}:logs:{function.region}:{ACCOUNT}:log-group:{function.log_group}"
    refusal = may(function.session, action, f"{group}:{resource}")
    if refusal:
        _log.warning("the log of %s is lost: %s %s", function.name, action, refusal)
    return refusal is not None
