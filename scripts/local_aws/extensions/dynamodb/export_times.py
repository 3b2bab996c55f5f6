"""Of when an export is: a moment, or a window of changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.dynamodb.exceptions import (
    ERROR_TYPE_PREFIX,
    DynamodbException,
    MockValidationException,
)
from moto.dynamodb.models.table import Table

from scripts.local_aws.extensions.dynamodb import export_files, history
from scripts.local_aws.extensions.dynamodb.backups import DAY, earliest_of

SHORTEST = 15 * 60
LONGEST = DAY
"""Seconds of a window:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport_Requesting.html"""

_SECOND = 1_000_000


class InvalidExportTimeError(DynamodbException):
    """An export of a time that can't be exported."""

    def __init__(self, message: str) -> None:
        super().__init__(ERROR_TYPE_PREFIX + "InvalidExportTimeException", message)


@dataclass(frozen=True)
class Wanted:
    """What is to be exported.

    Attributes:
        start: Begin of the window, inclusive, in microseconds since 1970; None for a full export.
        end: End of the window, exclusive, or the moment of a full export.
        view: `NEW_AND_OLD_IMAGES` or `NEW_IMAGE`.
    """

    start: int | None
    end: int
    view: str

    @property
    def incremental(self) -> bool:
        return self.start is not None

    def records(self, table: Table, kept: history.History) -> list[export_files.Record]:
        """What it consists of."""
        if self.start is None:
            return list(export_files.full(kept.as_of(table.all_items(), self.end)))
        names = [name for name in (table.hash_key_attr, table.range_key_attr) if name]
        changes = kept.within(self.start, self.end)
        return list(export_files.incremental(changes, self.view, names))

    def described(self) -> dict[str, Any]:
        """As DescribeExport says it."""
        if self.start is None:
            return {"ExportTime": self.end / 1e6}
        window = {"ExportFromTime": self.start / 1e6, "ExportToTime": self.end / 1e6}
        return {"IncrementalExportSpecification": {**window, "ExportViewType": self.view}}

    def times_of_manifest(self) -> dict[str, str]:
        """As the summary says it."""
        if self.start is None:
            return {"exportTime": export_files.moment(self.end)}
        window = {"exportFromTime": self.start, "exportToTime": self.end}
        return {name: export_files.moment(value) for name, value in window.items()}

    def kind_of_manifest(self) -> dict[str, str]:
        """What kind of export the summary says it is."""
        if self.incremental:
            return {"outputView": self.view, "exportType": "INCREMENTAL_EXPORT"}
        return {"exportType": "FULL_EXPORT"}


def read(asked: dict[str, Any], table: Table, kept: history.History) -> Wanted:
    """What a request wants.

    Raises:
        MockValidationException: Its parts don't fit together, or the format is not supported.
        InvalidExportTimeError: The table can't be exported of that time.
    """
    if asked.get("ExportFormat", "DYNAMODB_JSON") != "DYNAMODB_JSON":
        raise NotImplementedError  # ION
    recovery = table.continuous_backups["PointInTimeRecoveryDescription"]
    earliest = int(earliest_of(kept, recovery["RecoveryPeriodInDays"]) * _SECOND)
    window = asked.get("IncrementalExportSpecification")
    if asked.get("ExportType", "FULL_EXPORT") == "FULL_EXPORT":
        if window:
            raise MockValidationException(
                "IncrementalExportSpecification is only for ExportType INCREMENTAL_EXPORT"
            )
        return Wanted(None, _moment(asked.get("ExportTime"), earliest), "")
    if not window or "ExportFromTime" not in window or "ExportTime" in asked:
        raise MockValidationException(
            "INCREMENTAL_EXPORT needs IncrementalExportSpecification with ExportFromTime, "
            "and no ExportTime"
        )
    return _window(window, earliest)


def _window(window: dict[str, Any], earliest: int) -> Wanted:
    start = _moment(window["ExportFromTime"], earliest)
    end = _moment(window.get("ExportToTime"), earliest)
    length = (end - start) / _SECOND
    if not SHORTEST <= length <= LONGEST:
        raise InvalidExportTimeError(
            "Difference between export period from time and to time must be between 15 minutes "
            "and 24 hours"
        )
    return Wanted(start, end, window.get("ExportViewType", "NEW_AND_OLD_IMAGES"))


def _moment(asked: datetime | float | None, earliest: int) -> int:
    """A moment in microseconds, of whole seconds if one was asked for; now if none was."""
    if asked is None:
        return history.now()
    seconds = asked.timestamp() if isinstance(asked, datetime) else float(asked)
    moment = int(seconds) * _SECOND
    if not earliest // _SECOND * _SECOND <= moment <= history.now():
        raise InvalidExportTimeError(
            "The export time is outside of the period for which point in time recovery keeps data"
        )
    return moment
