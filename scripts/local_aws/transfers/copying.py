"""Copies what changed, deletes what is gone: one transfer, from its launch to its end.

https://docs.aws.amazon.com/datasync/latest/userguide/how-datasync-transfer-works.html
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.local_aws.transfers.conditions import CONDITIONS
from scripts.local_aws.transfers.destination import Destination, RefusedError
from scripts.local_aws.transfers.execution import Execution, Status, TransferError
from scripts.local_aws.transfers.filters import Filters
from scripts.local_aws.transfers.source import Entry, entries
from scripts.local_aws.tunnels import VPN_CONNECTIONS

_LOOK_SECONDS = 0.02


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
    plan = _plan(execution, route)
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
        if not VPN_CONNECTIONS.is_any_up():
            raise TransferError(
                "AgentOffline", "The agent can't be reached: no tunnel of a VPN connection is up"
            )
        if not conditions.online or not route.folder.is_dir():
            raise TransferError(
                "MountLocationSetupFailure",
                f"The share {route.share} of {route.server} can't be mounted",
            )
        if not conditions.hang:
            return
        time.sleep(_LOOK_SECONDS)


@dataclass(frozen=True)
class _Plan:
    new: list[Entry]
    gone: list[str]


def _plan(execution: Execution, route: Route) -> _Plan:
    """Compare both sides, and tell the estimates."""
    options = execution.task["Options"]
    filters = Filters.of(execution.task["Includes"], execution.task["Excludes"])
    there = route.destination.objects()
    differs = _difference(options)
    seen, new = set(), []
    for entry in entries(route.folder, filters):
        key = route.destination.prefix + entry.name
        seen.add(key)
        if differs(entry, there.get(key)):
            new.append(entry)
        else:
            execution.count("FilesSkipped")
    removes = options["PreserveDeletedFiles"] == "REMOVE"
    start = len(route.destination.prefix)
    gone = [key for key in there if key not in seen and filters.takes(f"/{key[start:]}")]
    plan = _Plan(new, sorted(gone) if removes else [])
    execution.counts |= {
        "EstimatedFilesToTransfer": len(plan.new),
        "EstimatedFilesToDelete": len(plan.gone),
        "EstimatedBytesToTransfer": sum(entry.size for entry in plan.new),
        **dict.fromkeys(_COUNTED, 0),
    }
    return plan


_COUNTED = (
    "BytesCompressed",
    "BytesTransferred",
    "BytesWritten",
    "FilesDeleted",
    "FilesTransferred",
    "FilesVerified",
)


def _difference(options: dict[str, Any]) -> Callable[[Entry, Any], bool]:
    if options["OverwriteMode"] == "NEVER":
        return lambda _, there: there is None
    if options["TransferMode"] == "ALL":
        return lambda *_: True
    return _differs


def _differs(entry: Entry, there: Any) -> bool:
    if there is None:
        return True
    kept = there.metadata.get("x-amz-meta-file-mtime")
    return bool(kept != _time(entry.changed) or there.size != entry.size)


def _copy(execution: Execution, route: Route, plan: _Plan) -> None:
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
    metadata = _metadata(entry, route, execution.task["Options"])
    route.destination.put(route.destination.prefix + entry.name, content, metadata)
    execution.count("FilesTransferred")
    for name in ("BytesTransferred", "BytesWritten", "BytesCompressed"):
        execution.count(name, len(content))


def _metadata(entry: Entry, route: Route, options: dict[str, Any]) -> dict[str, str]:
    metadata = {
        "file-size": str(entry.size),
        "source-path": f"//{route.server}/{route.share.strip('/')}/{entry.name}",
    }
    if options["Mtime"] == "PRESERVE":
        metadata["file-mtime"] = _time(entry.changed)
    if options["Atime"] == "BEST_EFFORT":
        metadata["file-atime"] = _time(entry.read)
    if options["Uid"] == "INT_VALUE":
        metadata["file-owner"] = str(entry.owner)
    if options["Gid"] == "INT_VALUE":
        metadata["file-group"] = str(entry.group)
    if options["PosixPermissions"] == "PRESERVE":
        metadata["file-permissions"] = entry.mode
    return metadata


def _time(nanoseconds: int) -> str:
    return f"{nanoseconds}ns"
