"""Executions of tasks: moto's go on with each look at them; here they run."""

from __future__ import annotations

from moto.datasync.exceptions import InvalidRequestException
from moto.datasync.responses import DataSyncResponse

from scripts.local_aws.extensions.datasync import tasks
from scripts.local_aws.extensions.datasync.requests import answer, given
from scripts.local_aws.patching import add, replace
from scripts.local_aws.transfers.execution import Execution
from scripts.local_aws.transfers.service import EXECUTIONS, start


@replace(DataSyncResponse)
def start_task_execution(self: DataSyncResponse) -> str:
    """Start a task, or let it wait for the execution that runs."""
    task = tasks.find(self)
    overrides = given(self, "Includes", "Excludes")
    options = tasks.options(task.described["Options"], self._get_param("OverrideOptions"))
    if EXECUTIONS.running(task.arn) and options["TaskQueueing"] == "DISABLED":
        raise InvalidRequestException(f"Task {task.arn} is running, and it has no queue.")
    started = start(task.arn, {**task.described, **overrides, "Options": options})
    return answer(TaskExecutionArn=started.arn)


@replace(DataSyncResponse)
def describe_task_execution(self: DataSyncResponse) -> str:
    """Tell where an execution is."""
    return answer(**_find(self).described())


@replace(DataSyncResponse)
def cancel_task_execution(self: DataSyncResponse) -> str:
    """Let an execution end; what it copied stays."""
    found = _find(self)
    if not EXECUTIONS.cancel(found):
        raise InvalidRequestException(
            f"Task execution {found.arn} can't be cancelled: its status is {found.status}."
        )
    return answer()


@add(DataSyncResponse)
def list_task_executions(self: DataSyncResponse) -> str:
    """Tell of all executions of a task."""
    known = EXECUTIONS.of(self._get_param("TaskArn"))
    told = [{"TaskExecutionArn": each.arn, "Status": each.status} for each in known]
    return answer(TaskExecutions=told)


def _find(request: DataSyncResponse) -> Execution:
    arn = request._get_param("TaskExecutionArn")
    found = EXECUTIONS.get(arn)
    if found is None:
        raise InvalidRequestException(f"Task execution {arn} is not found.")
    return found
