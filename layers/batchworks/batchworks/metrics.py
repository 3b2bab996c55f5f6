"""What CloudWatch graphs of the runs show."""

from __future__ import annotations

from collections.abc import Mapping

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

NAMESPACE = "batchworks"


def emit(
    service: str,
    environment: str,
    counts: Mapping[str, float],
    seconds: Mapping[str, float] | None = None,
    **dimensions: str,
) -> None:
    """Print numbers in CloudWatch's embedded metric format.

    Namespace `batchworks`, dimensions service and environment, and those that are given.

    Args:
        service: the job's name.
        environment: such as `prd`.
        counts: by name, such as `ChannelsRead`.
        seconds: by name, such as `MergeSeconds`.
        dimensions: further ones, such as `table`.
    """
    metrics = Metrics(namespace=NAMESPACE, service=service)
    for name, value in {"environment": environment, **dimensions}.items():
        metrics.add_dimension(name=name, value=value)
    for name, number in counts.items():
        metrics.add_metric(name, MetricUnit.Count, number)
    for name, number in (seconds or {}).items():
        metrics.add_metric(name, MetricUnit.Seconds, number)
    metrics.flush_metrics()
