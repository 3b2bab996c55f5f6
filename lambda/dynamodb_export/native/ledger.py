"""What is known about the native exports of one table, and what follows from it.

Everything here is pure: `ledger_store` keeps it, `native` and `follow_up` act on it.

An export is in the ledger before it is asked for, so that no run can forget one:

    REQUESTED ─▶ STARTED ─▶ VERIFIED ─▶ COMPLETED      (announced)
        └───────────┴─────▶ FAILED

Incremental exports hang on one another: a chain is a full export at a moment T, then windows from T
on. Up to the checkpoint all of it was verified.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from dynamodb_export.native.windows import windows

_REMEMBERED = timedelta(days=100)  # by then an export that nobody partitioned is in Glacier


class ExportType(StrEnum):
    """As ExportTableToPointInTime names it."""

    FULL = "FULL_EXPORT"
    INCREMENTAL = "INCREMENTAL_EXPORT"


class Status(StrEnum):
    """How far an export came."""

    REQUESTED = "REQUESTED"  # shall be asked for, or was, and the answer isn't known
    STARTED = "STARTED"
    VERIFIED = "VERIFIED"  # all of it is in the bucket; may be partitioned
    COMPLETED = "COMPLETED"  # and everyone was told
    FAILED = "FAILED"


WHOLE = frozenset({Status.VERIFIED, Status.COMPLETED})


@dataclass(frozen=True)
class Export:
    """One export, and which attempt at it."""

    type: ExportType
    begin: datetime | None  # of a full export None
    end: datetime  # the table as it was just then
    day: date  # whose folder it lies in
    chained: bool  # whether windows hang on it
    requested_at: datetime
    attempt: int = 1
    status: Status = Status.REQUESTED
    arn: str | None = None
    items: int | None = None  # when it was verified
    reason: str | None = None  # of a failure

    @property
    def first_moment(self) -> datetime:
        """The earliest moment that AWS has to know for it."""
        return self.begin or self.end

    @property
    def bounds(self) -> tuple[datetime | None, datetime]:
        """What it covers."""
        return self.begin, self.end

    @property
    def id(self) -> str:
        """The name of its folder."""
        return (self.arn or "").rpartition("/")[2]


@dataclass(frozen=True)
class Ledger:
    """What is known about one table."""

    table: str
    exports: tuple[Export, ...] = ()  # oldest first
    planned_to: datetime | None = None  # where the chain's next window begins; None: no chain
    checkpoint: datetime | None = None


@dataclass(frozen=True)
class Reach:
    """From when to when AWS can export a table (its point-in-time recovery)."""

    earliest: datetime
    latest: datetime


def client_token(bucket: str, table: str, export: Export) -> str:
    """The same for the same attempt at the same export of a table, whichever run asks.

    Environments may share a table, and each has a bucket of its own.
    """
    said = (bucket, table, export.day, export.type, *export.bounds, export.chained, export.attempt)
    return hashlib.sha256("|".join(map(str, said)).encode()).hexdigest()


def due(ledger: Ledger, wanted: ExportType, reach: Reach, now: datetime) -> Ledger:
    """The ledger with the exports that are to be asked for now.

    Asked twice with the same answer of AWS it adds nothing: a day has one full export that didn't
    fail, and a chain every window once.
    """
    ledger = replace(ledger, exports=tuple(_remembered(ledger.exports, now.date())))
    if wanted is ExportType.FULL:
        return _with_full(ledger, reach, now)
    if ledger.planned_to is None or why_broken(ledger, reach):
        return _with_new_chain(ledger, reach, now)
    return _with_windows(ledger, reach, now)


def why_broken(ledger: Ledger, reach: Reach) -> str | None:
    """Why a chain can't go on: AWS has forgotten a moment that it would have to export."""
    if ledger.planned_to is None:
        return None
    needed = min([ledger.planned_to, *(export.first_moment for export in _to_do(ledger))])
    if needed >= reach.earliest:
        return None
    return (
        f"the chain of incremental exports is broken: what changed from {needed.isoformat()} on "
        f"isn't exported, and AWS can export from {reach.earliest.isoformat()} on only. A new "
        "chain begins with a full export; what the table looked like in between is lost"
    )


def changed(ledger: Ledger, before: Export, after: Export) -> Ledger:
    """The ledger after an export came further; where another run was faster, as it is."""
    exports = tuple(
        after if is_same(export, before) and export.status is before.status else export
        for export in ledger.exports
    )
    return _advanced(replace(ledger, exports=exports))


def is_same(one: Export, other: Export) -> bool:
    """Whether they are the same attempt at the same export, however far it came."""
    return _identity(one) == _identity(other)


def in_status(ledger: Ledger, *statuses: Status) -> list[Export]:
    """The exports that came just so far."""
    return [export for export in ledger.exports if export.status in statuses]


def latest_of(ledger: Ledger, wanted: ExportType, day: date) -> list[Export]:
    """What answers a request for exports for which nothing new is due."""
    if wanted is ExportType.FULL:
        found = [e for e in _fulls_of(ledger, day) if e.status is not Status.FAILED]
    else:
        found = [e for e in ledger.exports if e.chained and e.status is not Status.FAILED]
    return found[-1:]


def _identity(export: Export) -> tuple[object, ...]:
    return export.type, export.bounds, export.day, export.chained, export.attempt


def _with_full(ledger: Ledger, reach: Reach, now: datetime) -> Ledger:
    ledger = replace(ledger, exports=tuple(e for e in ledger.exports if not _in_vain(e, reach)))
    fulls = _fulls_of(ledger, now.date())
    if any(export.status is not Status.FAILED for export in fulls):
        return ledger
    attempt = len(fulls) + 1
    return _with(ledger, [_full(reach, now, chained=False, attempt=attempt)])


def _in_vain(export: Export, reach: Reach) -> bool:
    """Whether a full export was asked for in vain, of a moment that AWS has forgotten."""
    forgotten = export.status is Status.REQUESTED and export.first_moment < reach.earliest
    return forgotten and not export.chained


def _fulls_of(ledger: Ledger, day: date) -> list[Export]:
    return [
        export
        for export in ledger.exports
        if export.type is ExportType.FULL and not export.chained and export.day == day
    ]


def _with_new_chain(ledger: Ledger, reach: Reach, now: datetime) -> Ledger:
    """Begin anew; what hung on the old chain stays as single exports, or isn't asked for."""
    lost = {_identity(export) for export in _to_do(ledger)}
    kept = tuple(
        replace(export, chained=False)
        for export in ledger.exports
        if export.status is not Status.REQUESTED or _identity(export) not in lost
    )
    full = _full(reach, now, chained=True)
    return Ledger(ledger.table, (*kept, full), planned_to=full.end)


def _with_windows(ledger: Ledger, reach: Reach, now: datetime) -> Ledger:
    assert ledger.planned_to  # noqa: S101 - there is a chain
    again = [
        replace(
            export, attempt=export.attempt + 1, status=Status.REQUESTED, arn=None, reason=None,
            requested_at=now, day=now.date(),
        )
        for export in _to_do(ledger)
        if export.status is Status.FAILED
    ]  # fmt: skip
    new = [
        Export(ExportType.INCREMENTAL, each.begin, each.end, now.date(), True, now)
        for each in windows(ledger.planned_to, reach.latest)
    ]
    planned_to = new[-1].end if new else ledger.planned_to
    return replace(_with(ledger, [*again, *new]), planned_to=planned_to)


def _full(reach: Reach, now: datetime, *, chained: bool, attempt: int = 1) -> Export:
    return Export(ExportType.FULL, None, reach.latest, now.date(), chained, now, attempt)


def _with(ledger: Ledger, exports: Iterable[Export]) -> Ledger:
    return replace(ledger, exports=(*ledger.exports, *exports))


def _to_do(ledger: Ledger) -> list[Export]:
    """What of the chain AWS was asked for in vain, or perhaps not at all."""
    last = {export.bounds: export for export in ledger.exports if export.chained}
    return [e for e in last.values() if e.status in {Status.REQUESTED, Status.FAILED}]


def _remembered(exports: Iterable[Export], today: date) -> Iterable[Export]:
    closed = {Status.COMPLETED, Status.FAILED}
    return (
        export
        for export in exports
        if export.status not in closed or today - export.day <= _REMEMBERED
    )


def _advanced(ledger: Ledger) -> Ledger:
    """Move the checkpoint on as far as everything is verified."""
    whole = [export for export in ledger.exports if export.chained and export.status in WHOLE]
    ends: dict[datetime | None, datetime] = {export.begin: export.end for export in whole}
    checkpoint = ledger.checkpoint
    while (end := ends.get(checkpoint)) is not None:
        checkpoint = end
    return replace(ledger, checkpoint=checkpoint)
