"""How a run ended, in numbers and in a sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync_batch.limits import Obstacle
from sync_batch.quota import reset_text

if TYPE_CHECKING:
    from sync_batch.audit import Run
    from sync_batch.lookup import Found
    from sync_batch.reading import Reading
    from sync_batch.records import Channel

_NAMED = 5  # channels that a sentence names at most


@dataclass(frozen=True)
class Result:
    """How a run ended."""

    outcome: str  # complete, partial (channels wait for the next run), busy or failed
    message: str
    run_id: str | None = None
    date: str | None = None  # Asia/Tokyo, YYYY-MM-DD
    channels: int = 0  # read and committed
    channels_total: int = 0
    channels_missing: int = 0
    videos: int = 0
    quota_used: int = 0  # units


BUSY = Result("busy", "busy: another run is at work, so this one did nothing")


def of_reading(run: Run, found: Found, got: Reading, quota_used: int) -> Result:
    """The result of a run that read channels.

    Args:
        run: as the audit knows it.
        found: the channels that exist, and names without one.
        got: what was read of them.
        quota_used: units.
    """
    total = len(found.channels) + len(found.missing)
    outcome = _outcome(got)
    counts = f"{len(got.channels)} of {total} channels, {len(got.videos)} videos"
    notes = [*_waiting(run, got), *_lost(found, got)]
    return Result(
        outcome=outcome,
        message="; ".join([f"{outcome}: {counts}", *notes]),
        run_id=str(run.run_id),
        date=run.day.isoformat(),
        channels=len(got.channels),
        channels_total=total,
        channels_missing=len(found.missing),
        videos=len(got.videos),
        quota_used=quota_used,
    )


def without_quota(run: Run, names: int, quota_used: int) -> Result:
    """The result of a run that couldn't afford to look its channels up.

    Args:
        run: as the audit knows it.
        names: how many channels the settings name.
        quota_used: units.
    """
    return Result(
        outcome="partial",
        message=f"partial: 0 of {names} channels; all wait for {_quota(run)}",
        run_id=str(run.run_id),
        date=run.day.isoformat(),
        channels_total=names,
        quota_used=quota_used,
    )


def _outcome(got: Reading) -> str:
    if got.failure:
        return "failed"
    return "partial" if got.waiting or got.unreadable else "complete"


def _waiting(run: Run, got: Reading) -> list[str]:
    reasons = {
        Obstacle.QUOTA: f"wait for {_quota(run)}",
        Obstacle.TIME: "wait: the time limit is near",
        Obstacle.STOPPED: "wait: the run was stopped",
    }
    notes = [
        f"{len(got.waiting[obstacle])} {reason}"
        for obstacle, reason in reasons.items()
        if obstacle in got.waiting
    ]
    if large := got.waiting.get(Obstacle.TOO_LARGE):
        notes.append(
            f"too large for a day's YOUTUBE_QUOTA_BUDGET, so raise it (beyond 10,000 units Google "
            f"has to grant more): {_names(large)}"
        )
    return notes


def _lost(found: Found, got: Reading) -> list[str]:
    notes = []
    if got.unreadable:
        notes.append(f"unreadable (see the log): {_names(got.unreadable)}")
    if found.missing:
        notes.append(f"not found: {_listed(found.missing)} (their history stays)")
    return notes


def _quota(run: Run) -> str:
    return f"quota, which is full again at {reset_text(run.started_at)}"


def _names(channels: Sequence[Channel]) -> str:
    return _listed([f"{channel.channel_id} ({channel.title})" for channel in channels])


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
