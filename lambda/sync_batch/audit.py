"""The audit table `sync_runs`: one row per run, written when it begins and when it ends."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from batchworks.logs import mask
from sync_batch.postgres import Connection
from sync_batch.postgres_errors import explained
from sync_batch.result import Result


@dataclass(frozen=True)
class Run:
    """A run that holds the lock."""

    run_id: UUID
    trigger: str  # schedule, manual, invoke or operator
    day: date  # Asia/Tokyo; its rows belong to it
    started_at: datetime


def begin(connection: Connection, run: Run) -> list[UUID]:
    """Write a run into the table. Needs the lock.

    Returns:
        Runs that were killed: they had not ended, and yet this one has the lock. From now on they
        are `abandoned`.
    """
    with explained(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sync_runs SET outcome = 'abandoned' WHERE outcome = 'running' "
            "RETURNING run_id::text"
        )
        abandoned = [UUID(row[0]) for row in cursor.fetchall()]
        cursor.execute(
            "INSERT INTO sync_runs (run_id, trigger, date, started_at, outcome) "
            "VALUES (%s, %s, %s, %s, 'running')",
            (str(run.run_id), run.trigger, run.day, run.started_at),
        )
    return abandoned


def quota_used_since(connection: Connection, moment: datetime) -> int:
    """Quota units of all runs since a moment; a run that reached beyond it counts as a whole."""
    with explained(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(quota_used), 0)::integer FROM sync_runs "
            "WHERE coalesce(finished_at, started_at) >= %s",
            (moment,),
        )
        used: int = cursor.fetchall()[0][0]
        return used


def note_quota(connection: Connection, run: Run, used: int) -> None:
    """Note the units used so far, so that a run that is killed counts, too."""
    with explained(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sync_runs SET quota_used = %s WHERE run_id = %s", (used, str(run.run_id))
        )


def finish(connection: Connection, end: Result, error: Exception | None = None) -> None:
    """Write a run's end; in the transaction of its rows, it is true exactly when they are there."""
    with explained(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sync_runs SET finished_at = now(), outcome = %(outcome)s, "
            "message = %(message)s, channels = %(channels)s, channels_total = %(channels_total)s, "
            "videos = %(videos)s, quota_used = %(quota_used)s, error = %(error)s "
            "WHERE run_id = %(run_id)s",
            asdict(end) | {"error": error and _told(error)},
        )


def fail(connection: Connection, run: Run, used: int, error: BaseException) -> None:
    """Write that a run failed, and why. What it committed before stays noted.

    A run that is noted as done remains so: only the answer to its commit was lost.
    """
    with explained(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sync_runs SET finished_at = now(), outcome = 'failed', quota_used = %s, "
            "error = %s WHERE run_id = %s AND outcome NOT IN ('complete', 'partial')",
            (used, _told(error), str(run.run_id)),
        )


def _told(error: BaseException) -> str:
    return mask(f"{type(error).__name__}: {error}")
