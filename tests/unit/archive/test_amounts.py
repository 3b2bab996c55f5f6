"""Numbers as people read them."""

from __future__ import annotations

import pytest

from scripts.archive.amounts import amount, dollars, duration, elapsed
from scripts.archive.prices.prices import GB


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 バイト"), (1023, "1,023 バイト"), (1024, "1.0 KB"), (1.5 * GB, "1.5 GB"),
     (2**42, "4.0 TB"), (2**52, "4,096.0 TB")],
)  # fmt: skip
def test_bytes_are_told_in_the_unit_that_fits(size: float, text: str) -> None:
    assert amount(size) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "1 分以内"), (80, "約 1 分"), (3599, "約 1 時間 0 分"), (7800, "約 2 時間 10 分"),
     (200_000, "約 2 日")],
)  # fmt: skip
def test_times_are_told_as_long_as_they_matter(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "0 秒"),
        (59, "59 秒"),
        (125, "2 分 5 秒"),
        (3599.6, "1 時間 0 分"),
        (90_000, "25 時間 0 分"),
    ],
)
def test_what_is_over_took_a_time_that_is_known(seconds: float, text: str) -> None:
    assert elapsed(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0, "$0.00"), (0.001, "$0.01 未満"), (1234.5, "$1,234.50")]
)
def test_costs_are_told_to_the_cent(value: float, text: str) -> None:
    assert dollars(value) == text
