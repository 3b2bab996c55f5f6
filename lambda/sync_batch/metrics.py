"""What CloudWatch graphs of the runs show."""

from __future__ import annotations

from batchworks import metrics
from sync_batch import JOB
from sync_batch.controls import Tally


def emit(tally: Tally, environment: str) -> None:
    """Print a run's numbers, if it did anything.

    Args:
        tally: the run's numbers.
        environment: such as `prd`.
    """
    if not tally.seconds:
        return
    metrics.emit(
        JOB,
        environment,
        {
            "ChannelsRead": tally.channels_read,
            "ChannelsWaiting": tally.channels_waiting,
            "RowsMerged": sum(tally.rows.values()),
            "QuotaUsed": tally.quota_used,
        },
        {f"{phase.title()}Seconds": seconds for phase, seconds in tally.seconds.items()},
    )
