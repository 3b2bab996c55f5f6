"""The layout of the bucket.

    raw/internal/dynamodb-exports/
      dt=YYYY-MM-DD/<table>.json                     a scan (.jsonl: lines; .gz: compressed)
      dt=YYYY-MM-DD/<table>/AWSDynamoDB/<id>/…       a native export
      year=YYYY/month=MM/day=DD/<table>/…            either, partitioned
    state/dynamodb-export/
      scans/<table>/<run>.json                       how far a scan came
      scans/<table>/<run>.<attempt>.object           what it wrote, until it is whole
      native/<table>.json                            the native exports of a table

Days are UTC. What is in `<…>` is quoted as in a URL, so that it has no `/`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, unquote

from dynamodb_export.settings import Format

EXPORTS = "raw/internal/dynamodb-exports/"
STATE = "state/dynamodb-export/"
_ENDINGS = {Format.ARRAY: ".json", Format.LINES: ".jsonl"}
_BY_DAY = re.compile(re.escape(EXPORTS) + r"dt=(\d{4}-\d{2}-\d{2})/([^/]+)(?:/(.+))?")
_SCAN_NAME = re.compile(r"(.+)\.jsonl?(?:\.gz)?")


@dataclass(frozen=True)
class Exported:
    """What the key of an object below `dt=` tells."""

    day: date
    table: str
    path: str  # below the table's folder; of a scan the object's own name
    scan: bool  # else native


def day_prefix(day: date) -> str:
    """Below it lies what was exported on a day and isn't partitioned."""
    return f"{EXPORTS}dt={day:%Y-%m-%d}/"


def scan_object(table: str, day: date, written: Format, *, gzip: bool) -> str:
    """The object of a table's scan."""
    return f"{day_prefix(day)}{_quoted(table)}{_ENDINGS[written]}{'.gz' if gzip else ''}"


def native_prefix(table: str, day: date) -> str:
    """What ExportTableToPointInTime is given as S3Prefix; it adds `/AWSDynamoDB/<id>/…`."""
    return f"{day_prefix(day)}{_quoted(table)}"


def partition_prefix(table: str, day: date) -> str:
    """Below it lies a table's partition of a day."""
    return f"{EXPORTS}year={day:%Y}/month={day:%m}/day={day:%d}/{_quoted(table)}/"


def exported(key: str) -> Exported | None:
    """What a key below `dt=` tells; None where it is no export that waits for its partition."""
    if (found := _BY_DAY.fullmatch(key)) is None:
        return None
    try:
        day = date.fromisoformat(found[1])
    except ValueError:
        return None
    if found[3]:
        return Exported(day, unquote(found[2]), found[3], scan=False)
    if (name := _SCAN_NAME.fullmatch(found[2])) is None:
        return None
    return Exported(day, unquote(name[1]), found[2], scan=True)


def partitioned(found: Exported) -> str:
    """Where an exported object belongs; its structure below the table's folder stays."""
    return partition_prefix(found.table, found.day) + found.path


def scan_state(table: str, run: str) -> str:
    """How far a scan came that a further run continues."""
    return f"{STATE}scans/{_quoted(table)}/{_quoted(run)}.json"


def scan_draft(table: str, run: str, attempt: str) -> str:
    """Where a scan's object is written before it is whole."""
    return f"{STATE}scans/{_quoted(table)}/{_quoted(run)}.{_quoted(attempt)}.object"


def native_ledger(table: str) -> str:
    """What is known about a table's native exports."""
    return f"{STATE}native/{_quoted(table)}.json"


def _quoted(name: str) -> str:
    return quote(name, safe="")
