"""Too many failures stop a batch before anything is indexed; what was not read is a failure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nas_sync import keys
from nas_sync.errors import TooManyFailures
from nas_sync.extraction.parts import write_hindrance
from nas_sync.reconcile.review import review
from tests.unit.nas_sync.scan.share import Share, settings

if TYPE_CHECKING:
    from nas_sync.scan.batches import Scan

FILES = {f"{n:02}.pdf": f"{n}" for n in range(7)} | {"1.png": "x", "2.dwg": "y"}


@pytest.fixture
def share() -> Share:
    made = Share()
    made.hold(FILES)
    return made


def extract(share: Share, name: str, begin: int, end: int, bad: dict[int, str]) -> None:
    """Write a part of a work file's results."""
    rows = share.rows(f"work/exec-2/{name}.jsonl")[begin:end]
    status = {"corrupt": "failed", "encrypted": "skipped"}
    problems = [
        {"key": rows[n - begin]["key"], "status": status[reason], "reason": reason, "detail": "!"}
        for n, reason in bad.items()
    ]
    if problems:
        share.store.write_lines(keys.problems("exec-2", name, begin, end), problems)
    share.store.write_lines(keys.result("exec-2", name, begin, end), rows)


def extract_all(share: Share, bad: dict[int, str]) -> None:
    extract(share, "document-00001", 0, 3, bad)
    extract(share, "document-00002", 0, 3, {})
    extract(share, "document-00003", 0, 1, {})
    extract(share, "image-00001", 0, 1, {})
    extract(share, "other-00001", 0, 1, {})


def problems(share: Share) -> str:
    return share.s3.objects["reports/exec-2/problems.csv"].decode("utf-8-sig")


def test_what_became_of_each_file_is_counted_without_reading_any_results(share: Share) -> None:
    scan = share.scan()
    extract_all(share, {0: "corrupt", 2: "encrypted"})
    for key in share.s3.objects:
        if key.startswith("results/"):
            share.s3.objects[key] = b"not to be read"
    found = review(share.store, scan, 12)
    assert (found.files, found.indexed, found.skipped, found.failed) == (9, 7, 1, 1)
    assert found.failed_percent == 11.11
    assert problems(share).count("\r\n") == 3


def test_too_many_failures_stop_the_batch_and_tell_reasons_and_where_the_list_is(
    share: Share,
) -> None:
    scan = share.scan()
    extract_all(share, {0: "corrupt", 1: "corrupt", 2: "encrypted"})
    told = r"2 of 9 files \(22.22 %\).*corrupt 2, encrypted 1.*s3://raw/reports/exec-2/problems.csv"
    with pytest.raises(TooManyFailures, match=told):
        review(share.store, scan, 11)
    assert "00.pdf,失敗,corrupt" in problems(share)


def test_one_file_that_can_t_be_read_stops_no_batch_however_small(share: Share) -> None:
    scan = share.scan()
    extract_all(share, {0: "corrupt"})
    assert review(share.store, scan, 1).failed == 1
    with pytest.raises(TooManyFailures):
        review(share.store, scan, 0)


def test_files_that_failed_before_may_fail_again_without_stopping_the_batch(share: Share) -> None:
    scan = share.scan()
    scan["retried"] = 1
    extract_all(share, {0: "corrupt"})
    assert review(share.store, scan, 0).failed == 1
    extract_all(share, {0: "corrupt", 1: "corrupt"})
    with pytest.raises(TooManyFailures):
        review(share.store, scan, 0)


def test_lines_without_results_were_not_processed(share: Share) -> None:
    scan = share.scan()
    extract(share, "document-00001", 0, 2, {})
    extract(share, "document-00003", 0, 1, {})
    found = review(share.store, scan, 100)
    assert (found.failed, found.reasons) == (6, {"not_processed": 6})
    assert "02.pdf,失敗,not_processed" in problems(share)


def test_lines_without_results_failed_for_what_kept_a_work_file_from_being_read(
    share: Share,
) -> None:
    scan = share.scan()
    extract_all(share, {})
    del share.s3.objects[keys.result("exec-2", "image-00001", 0, 1)]
    for name in ("image-00001", "other-00001"):  # the other one was read later
        write_hindrance(share.store, "exec-2", name, "model_unusable", "no model")
    with pytest.raises(TooManyFailures, match="By reason: model_unusable 1"):
        review(share.store, scan, 0)
    assert problems(share).splitlines()[1].endswith(",no model")


def test_what_two_calls_read_counts_once(share: Share) -> None:
    scan = share.scan()
    extract_all(share, {0: "corrupt"})
    extract(share, "document-00001", 0, 1, {0: "corrupt"})
    assert review(share.store, scan, 100).failed == 1


def test_problems_whose_results_never_came_do_not_count(share: Share) -> None:
    scan = share.scan()
    extract_all(share, {})
    line = {"key": "x", "status": "failed", "reason": "timeout"}
    share.store.write_lines(keys.problems("exec-2", "document-00001", 0, 2), [line])
    assert review(share.store, scan, 0).failed == 0


def test_a_batch_without_anything_to_extract_passes() -> None:
    share = Share()
    share.hold({})
    found = review(share.store, share.scan(), 0)
    assert (found.files, found.failed_percent) == (0, 0)


@given(st.sets(st.integers(0, 40)), st.integers(1, 7), st.integers(0, 8))
def test_every_file_is_counted_once_whatever_part_of_the_work_was_done(
    undone: set[int], size: int, cut: int
) -> None:
    share = Share()
    share.hold({f"{n:02}.{'pdf' if n % 2 else 'png'}": f"{n}" for n in range(40)})
    scan: Scan = share.scan(settings(work_file_size=size))
    expected = 40
    for number, item in enumerate(share.store.read_json(scan["extract_key"])):
        rows: list[Any] = share.rows(item["work"])
        end = min(cut, len(rows)) if number in undone else len(rows)
        if end:
            extract(share, keys.name_of(item["work"]), 0, end, {})
        expected -= len(rows) - end
    found = review(share.store, scan, 100)
    assert (found.files, found.indexed, found.failed) == (40, expected, 40 - expected)
