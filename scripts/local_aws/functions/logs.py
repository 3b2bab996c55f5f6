"""Writes what a function printed into its log group, as far as its role allows."""

from __future__ import annotations

import logging

from moto.core.utils import unix_time_millis
from moto.logs.models import logs_backends

from scripts.local_aws.account import ACCOUNT, PARTITION
from scripts.local_aws.functions.function import Function
from scripts.local_aws.functions.outcome import Outcome
from scripts.local_aws.iam.decisions import may

log = logging.getLogger(__name__)


def text(function: Function, request_id: str, outcome: Outcome) -> str:
    """One invocation's log: START, what it printed, END and REPORT, in Lambda's words."""
    report = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {outcome.duration:.2f} ms",
        f"Billed Duration: {int(outcome.duration) + 1} ms",
        f"Memory Size: {function.memory} MB",
    ]
    if outcome.start_up is not None:
        report.append(f"Init Duration: {outcome.start_up:.2f} ms")
    if outcome.reply.error == "Sandbox.Timedout":
        report.append("Status: timeout")
    printed = outcome.output if outcome.output.endswith(("\n", "")) else f"{outcome.output}\n"
    return (
        f"START RequestId: {request_id} Version: {function.version}\n"
        f"{printed}END RequestId: {request_id}\n" + "\t".join(report) + "\n"
    )


def write(function: Function, stream: str, content: str) -> None:
    """Write a log into the function's log group.

    As in AWS, the role needs logs:CreateLogStream and logs:PutLogEvents, and
    logs:CreateLogGroup if there is no log group; without them the log is lost.

    Args:
        content: Lines; each becomes an event. A carriage return, with which the runtime client
            holds a traceback together, becomes a line break within its event.
    """
    backend = logs_backends[ACCOUNT][function.region]
    group = f"arn:{PARTITION}:logs:{function.region}:{ACCOUNT}:log-group:{function.log_group}"
    if function.log_group not in backend.groups:
        if _forbidden(function, "logs:CreateLogGroup", f"{group}:*"):
            return
        backend.ensure_log_group(function.log_group)
    if stream not in backend.groups[function.log_group].streams:
        if _forbidden(function, "logs:CreateLogStream", f"{group}:log-stream:{stream}"):
            return
        backend.ensure_log_stream(function.log_group, stream)
    if _forbidden(function, "logs:PutLogEvents", f"{group}:log-stream:{stream}"):
        return
    now = int(unix_time_millis())
    lines = content.removesuffix("\n").split("\n")
    events = [{"timestamp": now, "message": line.replace("\r", "\n")} for line in lines if line]
    backend.put_log_events(function.log_group, stream, events)


def _forbidden(function: Function, action: str, resource: str) -> bool:
    refusal = may(function.session, action, resource)
    if refusal:
        log.warning("the log of %s is lost: %s %s", function.name, action, refusal)
    return refusal is not None
