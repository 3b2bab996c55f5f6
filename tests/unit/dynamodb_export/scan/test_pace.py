"""How fast a table may be read."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest

from batchworks.errors import SettingsError
from dynamodb_export.scan import pace
from dynamodb_export.settings import ReadLimit

TABLE = {
    "TableName": "t",
    "ItemCount": 1000,
    "TableSizeBytes": 1_024_000,
    "ProvisionedThroughput": {"ReadCapacityUnits": 100},
}


class Clock:
    """Time that passes when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Patience(threading.Event):
    """Lets the clock run instead of waiting."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        self._clock.now += timeout or 0
        return False


def test_no_limit_never_waits() -> None:
    plan = pace.plan(None, TABLE, 4)
    plan.pace.spend(10**9, 10**9)
    plan.pace.wait(threading.Event())
    assert plan.page_items is None


def test_items_per_second_are_kept_over_time() -> None:
    clock = Clock()
    bucket = pace.Bucket(50, lambda items, _: items, clock)
    for _ in range(100):
        bucket.wait(Patience(clock))
        bucket.spend(25, 1)
    assert clock.now == pytest.approx(100 * 25 / 50, abs=1)


def test_a_pause_saves_up_one_second_and_no_more() -> None:
    clock = Clock()
    bucket = pace.Bucket(10, lambda items, _: items, clock)
    bucket.wait(Patience(clock))
    clock.now = 3600.0
    times = []
    for _ in range(4):
        bucket.wait(Patience(clock))
        times.append(clock.now)
        bucket.spend(10, 0)
    assert [later - earlier for earlier, later in pairwise(times)] == [0, 1, 1]


def test_a_share_is_of_the_provisioned_units() -> None:
    plan = pace.plan(ReadLimit(percent=25), TABLE, 5)
    assert isinstance(plan.pace, pace.Bucket)
    assert plan.pace.rate == 25
    assert plan.pace.cost(10**6, 7.5) == 7.5
    # 25 units of 8 KiB a second, five segments, 1,024 bytes an item
    assert plan.page_items == 40


def test_a_share_of_an_on_demand_table_is_of_its_maximum() -> None:
    table = {"TableName": "t", "OnDemandThroughput": {"MaxReadRequestUnits": 40}}
    plan = pace.plan(ReadLimit(percent=50), table, 1)
    assert isinstance(plan.pace, pace.Bucket)
    assert plan.pace.rate == 20


def test_a_share_of_an_on_demand_table_without_a_maximum_says_what_to_do() -> None:
    table = {"TableName": "t", "ProvisionedThroughput": {"ReadCapacityUnits": 0}}
    with pytest.raises(SettingsError, match=r"of t is a share .* give items_per_second"):
        pace.plan(ReadLimit(percent=50), table, 1)


def test_pages_are_as_small_as_the_limit_wants_but_never_empty() -> None:
    assert pace.plan(ReadLimit(items_per_second=500), TABLE, 4).page_items == 125
    assert pace.plan(ReadLimit(items_per_second=1), TABLE, 4).page_items == 1


def test_a_stop_ends_the_waiting() -> None:
    bucket = pace.Bucket(0.001, lambda items, _: items)
    bucket.spend(10, 0)
    stop = threading.Event()
    stop.set()
    bucket.wait(stop)
