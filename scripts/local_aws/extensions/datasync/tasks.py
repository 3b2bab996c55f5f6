"""Tasks: all their settings, with AWS's defaults.

https://docs.aws.amazon.com/datasync/latest/userguide/API_Options.html
"""

from __future__ import annotations

from typing import Any

from moto.datasync.exceptions import InvalidRequestException
from moto.datasync.responses import DataSyncResponse

from scripts.local_aws.extensions.datasync.requests import answer, asked, given
from scripts.local_aws.patching import replace
from scripts.local_aws.transfers.resources import RESOURCES, Resource
from scripts.local_aws.transfers.service import EXECUTIONS

DEFAULTS = {
    "VerifyMode": "POINT_IN_TIME_CONSISTENT",
    "OverwriteMode": "ALWAYS",
    "Atime": "BEST_EFFORT",
    "Mtime": "PRESERVE",
    "Uid": "INT_VALUE",
    "Gid": "INT_VALUE",
    "PreserveDeletedFiles": "PRESERVE",
    "PreserveDevices": "NONE",
    "PosixPermissions": "PRESERVE",
    "BytesPerSecond": -1,
    "TaskQueueing": "ENABLED",
    "LogLevel": "OFF",
    "TransferMode": "CHANGED",
    "SecurityDescriptorCopyFlags": "NONE",
    "ObjectTags": "PRESERVE",
}
_SETTINGS = ("Name", "CloudWatchLogGroupArn", "Schedule", "TaskReportConfig", "ManifestConfig")
_ENDS = ("SourceLocationArn", "DestinationLocationArn")


def options(*given_ones: dict[str, Any] | None) -> dict[str, Any]:
    """The options of a task: the last that gives one wins, AWS's defaults are the first.

    Raises:
        InvalidRequestException: They contradict each other.
    """
    together = {
        name: value for each in (DEFAULTS, *given_ones) for name, value in (each or {}).items()
    }
    if together["TransferMode"] == "ALL" and together["PreserveDeletedFiles"] == "REMOVE":
        raise InvalidRequestException(
            "PreserveDeletedFiles REMOVE can't be used together with TransferMode ALL"
        )
    if together["Atime"] == "BEST_EFFORT" and together["Mtime"] == "NONE":
        raise InvalidRequestException("Atime BEST_EFFORT needs Mtime PRESERVE")
    return together


@replace(DataSyncResponse)
def create_task(self: DataSyncResponse) -> str:
    """Make a task."""
    ends = asked(self, *_ENDS)
    for location in ends.values():
        RESOURCES.get(location)
    made = RESOURCES.add(
        "task",
        {
            **ends,
            **asked(self, *_SETTINGS),
            "Includes": self._get_param("Includes") or [],
            "Excludes": self._get_param("Excludes") or [],
            "Options": options(self._get_param("Options")),
            "TaskMode": self._get_param("TaskMode") or "BASIC",
        },
        self._get_param("Tags"),
    )
    return answer(TaskArn=made.arn)


@replace(DataSyncResponse)
def update_task(self: DataSyncResponse) -> str:
    """Change what is given of a task."""
    found = find(self)
    changed = given(self, *_SETTINGS, "Includes", "Excludes")
    changed["Options"] = options(found.described["Options"], self._get_param("Options"))
    found.described |= changed
    return answer()


@replace(DataSyncResponse)
def describe_task(self: DataSyncResponse) -> str:
    """Tell of a task, and which execution of it runs."""
    found = find(self)
    running = EXECUTIONS.running(found.arn)
    current = {"CurrentTaskExecutionArn": running.arn} if running else {}
    return answer(
        TaskArn=found.arn,
        **found.described,
        **current,
        Status="RUNNING" if running else "AVAILABLE",
    )


@replace(DataSyncResponse)
def delete_task(self: DataSyncResponse) -> str:
    """Delete a task."""
    RESOURCES.remove(find(self).arn)
    return answer()


@replace(DataSyncResponse)
def list_tasks(self: DataSyncResponse) -> str:
    """Tell of all tasks."""
    del self
    tasks = [
        {
            "TaskArn": each.arn,
            "Name": each.described.get("Name"),
            "Status": "RUNNING" if EXECUTIONS.running(each.arn) else "AVAILABLE",
            "TaskMode": each.described["TaskMode"],
        }
        for each in RESOURCES.of("task")
    ]
    return answer(Tasks=tasks)


def find(request: DataSyncResponse) -> Resource:
    """The task that a request is about."""
    return RESOURCES.get(request._get_param("TaskArn"))
