"""The log of an execution, in the log group of its task."""

from __future__ import annotations

from moto.core.utils import unix_time_millis
from moto.logs.models import logs_backends

from scripts.local_aws.account import ACCOUNT, REGION
from scripts.local_aws.transfers.execution import Execution


def write(execution: Execution) -> None:
    """Write how an execution ended into a stream of its own, unless its log is off.

    Without the log group the lines are lost, as in AWS.
    """
    group = str(execution.task.get("CloudWatchLogGroupArn", "")).partition(":log-group:")[2]
    group = group.removesuffix(":*")
    backend = logs_backends[ACCOUNT][REGION]
    if execution.task["Options"]["LogLevel"] == "OFF" or group not in backend.groups:
        return
    _, task, _, name = execution.arn.rsplit("/", 3)
    stream = f"{task}-{name}"
    backend.create_log_stream(group, stream)
    counts = ", ".join(f"{key}: {value}" for key, value in sorted(execution.counts.items()))
    level = "ERROR" if execution.error else "INFO"
    lines = [f"[{level}] Execution {name} finished with status {execution.status}. {counts}"]
    if execution.error:
        lines.append(f"[ERROR] {execution.error.code}: {execution.error}")
    now = int(unix_time_millis())
    backend.put_log_events(group, stream, [{"timestamp": now, "message": each} for each in lines])
