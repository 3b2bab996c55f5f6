"""Whether one more channel fits into what is left of quota and time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sync_batch import quota
from sync_batch.controls import Brake

FINISH_SECONDS = 30.0  # for CSV files and the merge, however few rows
SECONDS_PER_ROW = 0.0005  # and for each video; measured: a tenth of it on a whole core


class Obstacle(StrEnum):
    """Why a channel has to wait for the next run."""

    QUOTA = "quota"
    TIME = "time"
    STOPPED = "stopped"
    TOO_LARGE = "too large"


@dataclass(frozen=True)
class Limits:
    """What a run may use.

    Args:
        workers: calls at the same time.
        largest_channel: calls a channel may need at most: a whole day's budget.
        time_left: seconds until the run must have ended.
        brake: what is asked for just now.
    """

    workers: int
    largest_channel: int
    time_left: Callable[[], float]
    brake: Callable[[], Brake]

    def obstacle(
        self, videos: int, *, calls_ahead: int, units_left: int, call_seconds: float, rows: int
    ) -> Obstacle | None:
        """What keeps a channel from being begun now.

        Args:
            videos: how many it has.
            calls_ahead: calls that channels under way still need.
            units_left: quota units that aren't spent.
            call_seconds: what a call takes.
            rows: videos that were read or are under way.
        """
        calls = quota.channel_calls(videos)
        if calls > self.largest_channel:
            return Obstacle.TOO_LARGE
        if self.brake() > Brake.OFF:
            return Obstacle.STOPPED
        if calls_ahead + calls > units_left:
            return Obstacle.QUOTA
        one_by_one = quota.playlist_calls(videos) + 1
        in_parallel = (calls_ahead + calls) / self.workers
        reading = max(one_by_one, in_parallel) * call_seconds
        if reading + finishing(rows + videos) > self.time_left():
            return Obstacle.TIME
        return None

    def must_drop(self, rows: int) -> Obstacle | None:
        """What forces channels under way to be left."""
        if self.brake() is Brake.DROP:
            return Obstacle.STOPPED
        return Obstacle.TIME if self.time_left() < finishing(rows) else None


def finishing(rows: int) -> float:
    """Seconds to keep free for writing so many videos."""
    return FINISH_SECONDS + rows * SECONDS_PER_ROW
