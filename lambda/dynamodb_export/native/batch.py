"""What batch-export is asked for, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from batchworks.errors import JobError
from dynamodb_export.native.ledger import ExportType
from dynamodb_export.native.starting import Row
from dynamodb_export.settings import Mode, Settings


class AllFailedError(JobError):
    """No table's export began."""


def wanted(settings: Settings, request: Mapping[str, Any]) -> list[tuple[str, ExportType]]:
    """The tables to export, and how.

    Args:
        settings: without `tables` in the request those of the modes native and incremental.
        request: `{"tables": [name, …], "exportType": …}`; both may be absent. Without a type a
            table of mode incremental is exported incrementally, any other in full.

    Raises:
        JobError: the request is malformed, or names a table that isn't configured.
    """
    kind = _type(request.get("exportType"))
    names = request.get("tables")
    if names is None:
        plans = settings.in_modes(Mode.NATIVE, Mode.INCREMENTAL)
    elif isinstance(names, list) and names and all(isinstance(name, str) for name in names):
        plans = [settings.plan(name) for name in dict.fromkeys(names)]
    else:
        raise JobError(f"tables is {names!r}: give a list of names, or leave it out for all")
    return [(plan.name, kind or _daily(plan.mode)) for plan in plans]


def require_any(rows: Sequence[Row]) -> None:
    """Let a run fail in which nothing went well.

    Raises:
        AllFailedError: all failed.
    """
    if rows and all(row.failed for row in rows):
        raise AllFailedError(
            "no export began: " + "; ".join(f"{row.table}: {row.error}" for row in rows)
        )


def _type(name: object) -> ExportType | None:
    if name is None:
        return None
    if name not in tuple(ExportType):
        raise JobError(f"exportType is {name!r}: give one of {', '.join(ExportType)}")
    return ExportType(str(name))


def _daily(mode: Mode) -> ExportType:
    return ExportType.INCREMENTAL if mode is Mode.INCREMENTAL else ExportType.FULL
