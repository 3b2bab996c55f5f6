"""The metrics that AWS's services publish of themselves, into moto's CloudWatch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends

from scripts.local_aws.account import ACCOUNT


def publish(namespace: str, region: str, values: Mapping[str, float], **dimensions: str) -> None:
    """Publish one value of each metric, now.

    Args:
        values: By metric name; `Duration` is in milliseconds, the others are counts.
        dimensions: The one set of dimensions they are published with.
    """
    named = [{"Name": name, "Value": value} for name, value in dimensions.items()]
    data: list[dict[str, Any]] = [
        {
            "MetricName": name,
            "Value": value,
            "Unit": "Milliseconds" if name == "Duration" else "Count",
            "Dimensions": named,
        }
        for name, value in values.items()
    ]
    cloudwatch_backends[ACCOUNT][region].put_metric_data(namespace, data)


def of_function(arn: str, values: Mapping[str, float]) -> None:
    """Publish metrics of a function: by its name, and by alias or version if one was named.

    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html

    Args:
        arn: The ARN that was invoked.
    """
    _, _, _, region, _, _, name, *qualifier = arn.split(":")
    publish("AWS/Lambda", region, values, FunctionName=name)
    if qualifier:
        resource = f"{name}:{qualifier[0]}"
        publish("AWS/Lambda", region, values, FunctionName=name, Resource=resource)
