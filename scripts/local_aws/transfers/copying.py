"""Copies what changed, deletes what is gone: one transfer, from its launch to its end.

https://docs.aws.amazon.com/datasync/latest/userguide/how-datasync-transfer-works.html
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from scripts.local_aws.transfers import metadata, plans
from scripts.local_aws.transfers.conditions import CONDITIONS, is_agent_online
from scripts.local_aws.transfers.destination import Destination, RefusedError
from scripts.local_aws.transfers.execution import Execution, Status, TransferError
from scripts.local_aws.transfers.plans import Plan
from scripts.local_aws.transfers.source import Entry

_LOOK_SECONDS = 0.02
_FILES = ("FilesDeleted", "FilesTransferred", "FilesVerified")
_BYTES = ("BytesCompressed", "BytesTransferred", "BytesWritten")


@dataclass(frozen=True)
class Route:
    """From where to where.

    Attributes:
        server: Name of the NAS.
        share: Subdirectory of its location, such as `/share/documents`.
        folder: The folder of this machine that stands for it.
        destination: The prefix of the bucket.
    """

    server: str
    share: str
    folder: Path
    destination: Destination


def transfer(execution: Execution, route: Route) -> None:
    """Carry out an execution; however it ends, it is told there.

    A tunnel of a VPN connection has to be up throughout.
    """
    try:
        _carry_out(execution, route)
    except TransferError as error:
        execution.fail(error)
    except RefusedError as refused:
        execution.fail(TransferError("AccessDenied", str(refused)))
    except OSError as error:
        execution.fail(TransferError("InputOutputError", f"The NAS can't be read: {error}"))


def _carry_out(execution: Execution, route: Route) -> None:
    fails = CONDITIONS.take_failure()
    execution.enter(Status.LAUNCHING)
    _check(execution, route)
    route.destination.try_role()
    execution.enter(Status.PREPARING)
    plan = plans.compare(execution.task, route.folder, route.destination)
    _estimate(execution, plan)
    execution.enter(Status.TRANSFERRING)
    if fails:
        raise TransferError("InputOutputError", "The local AWS was told to fail this transfer")
    _copy(execution, route, plan)
    execution.enter(Status.VERIFYING)
    _check(execution, route)
    execution.count("FilesVerified", len(plan.new))
    execution.enter(Status.SUCCESS)


def _check(execution: Execution, route: Route) -> None:
    """Wait while nothing moves; make sure that the way is open.

    Raises:
        TransferError: It isn't, or somebody cancelled the execution.
    """
    while True:
        conditions = CONDITIONS.now()
        if execution.cancelled.is_set():
            raise TransferError("TaskExecutionCancelled", "The task execution was cancelled")
        if not is_agent_online():
            raise TransferError(
                "AgentOffline",
                "The agent can't be reached: no tunnel of a VPN connection is up, or it is off",
            )
        if not conditions.online or not route.folder.is_dir():
            raise TransferError(
                "MountLocationSetupFailure",
                f"The share {route.share} of {route.server} can't be mounted",
            )
        if not conditions.hang:
            return
        time.sleep(_LOOK_SECONDS)


def _estimate(execution: Execution, plan: Plan) -> None:
    execution.counts |= {
        "EstimatedFilesToTransfer": len(plan.new),
        "EstimatedFilesToDelete": len(plan.gone),
        "EstimatedBytesToTransfer": sum(entry.size for entry in plan.new),
        "FilesSkipped": plan.same,
        **dict.fromkeys((*_FILES, *_BYTES), 0),
    }


def _copy(execution: Execution, route: Route, plan: Plan) -> None:
    for key in plan.gone:
        _check(execution, route)
        route.destination.delete(key)
        execution.count("FilesDeleted")
    for entry in plan.new:
        if pause := CONDITIONS.now().pause:
            time.sleep(pause)
        _check(execution, route)
        _copy_one(execution, route, entry)


def _copy_one(execution: Execution, route: Route, entry: Entry) -> None:
    content = b"" if entry.is_folder else entry.path.read_bytes()
    path = f"//{route.server}/{route.share.strip('/')}/{entry.name}"
    told = metadata.of(entry, path, execution.task["Options"])
    route.destination.put(route.destination.prefix + entry.name, content, told)
    execution.count("FilesTransferred")
    for name in _BYTES:
        execution.count(name, len(content))
