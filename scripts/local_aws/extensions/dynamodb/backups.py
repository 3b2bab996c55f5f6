"""Point-in-time recovery: moto's latest moment is the one when it was switched on."""

from __future__ import annotations

from typing import Any

from moto.dynamodb.models import DynamoDBBackend

from scripts.local_aws.extensions.dynamodb import history
from scripts.local_aws.patching import replace

LAG = 5 * 60
"""Seconds that the latest moment of which a table can be restored is typically behind:
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PointInTimeRecoveryDescription.html"""

DAY = 24 * 60 * 60
_DESCRIPTION = "PointInTimeRecoveryDescription"

_update = DynamoDBBackend.update_continuous_backups
_describe = DynamoDBBackend.describe_continuous_backups


@replace(DynamoDBBackend)
def update_continuous_backups(
    self: DynamoDBBackend, table_name: str, point_in_time_spec: dict[str, Any]
) -> dict[str, Any]:
    _update(self, table_name, point_in_time_spec)
    table = self.get_table(table_name)
    change = history.begin if point_in_time_spec["PointInTimeRecoveryEnabled"] else history.end
    change(table)
    return self.describe_continuous_backups(table_name)


@replace(DynamoDBBackend)
def describe_continuous_backups(self: DynamoDBBackend, table_name: str) -> dict[str, Any]:
    described = _describe(self, table_name)
    kept = history.of(self.get_table(table_name))
    if kept is None:
        return described
    recovery = described[_DESCRIPTION]
    earliest = earliest_of(kept, recovery["RecoveryPeriodInDays"])
    latest = max(earliest, history.now() / 1e6 - LAG)
    moments = {"EarliestRestorableDateTime": earliest, "LatestRestorableDateTime": latest}
    return {**described, _DESCRIPTION: {**recovery, **moments}}


def earliest_of(kept: history.History, days: int) -> float:
    """The earliest moment of which a table can be restored, in seconds since 1970.

    Args:
        days: Its recovery period.
    """
    return max(kept.since, history.now() - days * DAY * 1_000_000) / 1e6
