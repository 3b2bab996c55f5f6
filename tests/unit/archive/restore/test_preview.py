"""Preview: what it costs and when it is ready."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from scripts.archive.prices.prices import GB, load
from scripts.archive.restore.cost import Tier, cost, ready_by
from scripts.archive.restore.plan import BATCH_FROM, Plan, preview, uses_batch

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
PRICES = load()


def test_requests_retrieval_and_copies_are_counted() -> None:
    prices = replace(
        PRICES, restore_bulk_per_1000=1, retrieval_bulk_gb=2, standard_gb_month=30,
        batch_job=5, batch_per_million=1_000_000,
    )  # fmt: skip

    alone = cost(prices, Tier.BULK, 2000, 3 * GB, 7, batch=False)
    job = cost(prices, Tier.BULK, 2000, 3 * GB, 7, batch=True)

    assert (alone.requests, alone.retrieval, round(alone.copies, 9)) == (2, 6, 21)
    assert job.requests == 2 + 5 + 2000
    assert round(alone.total, 9) == 29


@given(st.integers(0, 10**6), st.integers(0, 10**15), st.integers(1, 365))
def test_standard_is_never_cheaper_than_bulk(objects: int, size: int, days: int) -> None:
    bulk = cost(PRICES, Tier.BULK, objects, size, days, batch=False)
    assert bulk.total <= cost(PRICES, Tier.STANDARD, objects, size, days, batch=False).total


def test_bulk_is_ready_within_48_hours_and_standard_within_12_told_in_tokyo() -> None:
    assert (ready_by(Tier.BULK, NOW) - NOW).total_seconds() == 48 * 3600
    text = "\n".join(preview(Plan(1, 1, Tier.STANDARD, 7, batch=False), PRICES, NOW))
    assert "2026-11-23 12:30（日本時間）" in text
    assert text.count("★") == 4


def test_only_standard_needs_the_requesters_consent() -> None:
    assert "同意" not in "".join(preview(Plan(1, 1, Tier.BULK, 7, batch=False), PRICES, NOW))


def test_a_long_list_goes_through_a_job_unless_the_operator_says_otherwise() -> None:
    assert not uses_batch("auto", BATCH_FROM)
    assert uses_batch("auto", BATCH_FROM + 1)
    assert not uses_batch("batch", 0)
    assert uses_batch("batch", 1)
    assert not uses_batch("direct", BATCH_FROM + 1)
