"""CloudWatch: moto adds up metrics that have more dimensions than were asked for.

Lambda publishes each number by function, and again by function and alias: both would count.
"""

from __future__ import annotations

import copy
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend, MetricDatumBase

from scripts.local_aws.patching import replace

_add_up = CloudWatchBackend.get_metric_statistics


@replace(CloudWatchBackend)
def get_metric_statistics(self: CloudWatchBackend, *args: Any, **kwargs: Any) -> Any:
    """Add up only the numbers that have exactly these dimensions, as AWS does."""
    wanted = {(each["Name"], each["Value"]) for each in kwargs["dimensions"]}
    exact = copy.copy(self)
    exact.metric_data = [each for each in self.metric_data if _dimensions(each) == wanted]
    return _add_up(exact, *args, **kwargs)


def _dimensions(datum: MetricDatumBase) -> set[tuple[str | None, str | None]]:
    return {(each.name, each.value) for each in datum.dimensions}
