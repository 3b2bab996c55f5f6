"""What CloudWatch graphs of the runs show."""

from __future__ import annotations

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from sync_batch import JOB
from sync_batch.controls import Tally


def emit(tally: Tally, environment: str) -> None:
    """Print a run's numbers in CloudWatch's embedded metric format, if it did anything.

    Namespace `batchworks`, dimensions service and environment.

    Args:
        tally: the run's numbers.
        environment: such as `prd`.
    """
    if not tally.seconds:
        return
    metrics = Metrics(namespace="batchworks", service=JOB)
    metrics.add_dimension(name="environment", value=environment)
    metrics.add_metric("ChannelsRead", MetricUnit.Count, tally.channels_read)
    metrics.add_metric("ChannelsWaiting", MetricUnit.Count, tally.channels_waiting)
    metrics.add_metric("RowsMerged", MetricUnit.Count, sum(tally.rows.values()))
    metrics.add_metric("QuotaUsed", MetricUnit.Count, tally.quota_used)
    for phase, seconds in tally.seconds.items():
        metrics.add_metric(f"{phase.title()}Seconds", MetricUnit.Seconds, seconds)
    metrics.flush_metrics()
