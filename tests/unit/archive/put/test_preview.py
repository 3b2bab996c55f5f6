"""What the preview promises: files, bytes, costs, time."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.archive.prices.prices import GB, Prices
from scripts.archive.put import pace, view
from scripts.archive.put.checking.check import Findings, Skipped
from scripts.archive.put.checking.named import EmptyFolder, Link
from scripts.archive.put.originals import Original
from scripts.archive.put.pace import FILE_EQUIVALENT, Pace
from scripts.archive.put.preview import Preview, preview
from scripts.archive.put.run import Account
from scripts.archive.put.sending.parts import WHOLE_LIMIT
from scripts.archive.put.watch import Watch

PRICES = Prices(
    put_per_1000=0.065,
    storage_gb_month=0.002,
    standard_gb_month=0.025,
    restore_bulk_per_1000=0.0,
    restore_standard_per_1000=0.0,
    retrieval_bulk_gb=0.0,
    retrieval_standard_gb=0.0,
    batch_job=0.0,
    batch_per_million=0.0,
    dated=date(2026, 11, 22),
    source="",
    confirmed=True,
)
PACE = Pace(FILE_EQUIVALENT, measured=True)


def _preview(*sizes: int) -> Preview:
    return preview([Original(str(n), size, 0) for n, size in enumerate(sizes)], PRICES, PACE)


def test_a_gigabyte_of_small_files_costs_what_aws_bills() -> None:
    found = _preview(*[1024**2] * 1024)

    assert (found.files, found.size, found.requests) == (1024, GB, 1024)
    assert found.request_cost == pytest.approx(1.024 * 0.065)
    overhead = 1024 * 32 * 1024 / GB * 0.002 + 1024 * 8 * 1024 / GB * 0.025
    assert found.month_cost == pytest.approx(0.002 + overhead)
    assert found.minimum_cost == pytest.approx(6 * found.month_cost)
    assert found.seconds == pytest.approx(1024 + 4096)


@pytest.mark.parametrize(
    ("size", "requests"),
    [(0, 1), (WHOLE_LIMIT, 1), (WHOLE_LIMIT + 1, 4), (3 * WHOLE_LIMIT, 5), (5 * 1024**3, 642)],
)
def test_a_large_file_is_begun_sent_in_parts_and_completed(size: int, requests: int) -> None:
    assert _preview(size).requests == requests


def test_nothing_costs_nothing() -> None:
    assert _preview() == Preview(0, 0, 0, 0.0, 0.0, 0.0, 0.0)


@given(st.lists(st.integers(0, 2**42), max_size=20), st.integers(0, 2**42))
def test_one_more_file_never_costs_less(sizes: list[int], more: int) -> None:
    before, after = _preview(*sizes), _preview(*sizes, more)

    assert after.request_cost > before.request_cost
    assert after.month_cost > before.month_cost
    assert after.seconds > before.seconds


def test_the_pace_of_a_run_is_that_of_the_next(tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    pace.remember(reports, files=100, size=10**9, seconds=20.0)

    found = Pace.of_last_run(reports)

    assert found.measured
    assert found.seconds(100, 10**9) == pytest.approx(20.0)


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"bytes_per_second": "x"}', '{"bytes_per_second": null}']
)
def test_what_remembers_no_pace_is_not_missed(tmp_path: Path, content: str) -> None:
    (tmp_path / "archive_put_pace.json").write_text(content)

    assert Pace.of_last_run(tmp_path) == Pace(pace.ASSUMED, measured=False)


@pytest.mark.parametrize(("files", "seconds"), [(0, 60.0), (5, 0.1)])
def test_a_run_that_tells_nothing_is_not_remembered(
    tmp_path: Path, files: int, seconds: float
) -> None:
    pace.remember(tmp_path, files, 1, seconds)

    assert not Pace.of_last_run(tmp_path).measured


def test_a_folder_that_takes_no_file_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    pace.remember(tmp_path / "file" / "reports", 1, 1, 60.0)


def test_many_links_and_empty_folders_do_not_flood_the_screen() -> None:
    findings = Findings(
        links=[Link(1, str(number)) for number in range(1_000)],
        empty=[EmptyFolder(1, str(number)) for number in range(1_000)],
        skipped=Counter({Skipped.LINK: 1_000}),
    )

    lines = list(view.preview(_preview(), findings, PRICES, PACE, deletes=False))

    assert len(lines) < 60
    assert "      ほか 980 件（すべてエラーログにあります）" in lines
    assert "  空のフォルダーはほか 980 件" in lines


def test_an_account_that_does_not_add_up_is_not_passed_over() -> None:
    with pytest.raises(RuntimeError, match="件数が合いません"):
        Account(requested=3, skipped=1, archived=1, failed=0).close()


@given(st.lists(st.tuples(st.integers(0, 2**40), st.booleans()), min_size=1, max_size=30))
def test_progress_grows_from_nothing_to_everything(files: list[tuple[int, bool]]) -> None:
    shares: list[float] = []
    watch = Watch(len(files), sum(size for size, _ in files), lambda share, _: shares.append(share))

    for size, is_sent in files:
        if is_sent:
            watch.sent(size)
        watch.done(size, sent=is_sent)

    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1.0)
