"""What a scan finds and writes down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from batchworks.errors import JobError
from nas_sync import keys
from nas_sync.errors import BatchNotFound, BrakeEngaged
from nas_sync.scan.batches import Scan
from tests.unit.nas_sync.scan.share import ARN, COUNTS, NOW, Share, entry, settings

KNOWN = [entry(f"部/{n}.pdf", f"content {n}", status="indexed") for n in range(10)]


@pytest.fixture
def share() -> Share:
    return Share()


def hold_known(share: Share, *left_out: int, **more: str) -> None:
    """Let the NAS hold what the last batch knew."""
    kept = {f"部/{n}.pdf": f"content {n}" for n in range(10) if n not in left_out}
    share.hold(kept | more)
    share.know(KNOWN)


def test_the_first_scan_finds_everything_new(share: Share) -> None:
    share.hold({"a.pdf": "1", "b.PNG": "22", "c.dwg": "", "folder/": ""})
    found = share.scan()
    assert {name: found[name] for name in COUNTS} == {  # type: ignore[literal-required]
        **dict.fromkeys(COUNTS, 0),
        "new": 3,
    }
    assert (found["batch"], found["sync_batch_id"], found["previous"]) == ("exec-2", ARN, None)
    assert (found["total_files"], found["total_size_bytes"]) == (3, 3)
    assert (found["documents"], found["images"], found["others"]) == (1, 1, 1)
    assert share.rows(keys.listing("exec-2")) == [
        entry("a.pdf", "1"),
        entry("b.PNG", "22"),
        entry("c.dwg", ""),
    ]
    assert share.store.read_json(found["extract_key"]) == [
        {"work": "work/exec-2/document-00001.jsonl", "kind": "document"},
        {"work": "work/exec-2/image-00001.jsonl", "kind": "image"},
        {"work": "work/exec-2/other-00001.jsonl", "kind": "other"},
    ]
    assert share.rows("work/exec-2/document-00001.jsonl") == [
        {**entry("a.pdf", "1"), "kind": "document", "change": "new"}
    ]


def test_only_what_changed_is_worked_on(share: Share) -> None:
    share.hold({"same": "1", "changed.txt": "new text", "failed": "3", "new": "4"})
    share.know(
        [
            entry("same", "1", status="indexed"),
            entry("changed.txt", "old", status="indexed"),
            entry("failed", "3", status="failed", reason="corrupt"),
            entry("gone", "5", status="skipped", reason="empty"),
        ]
    )
    found = share.scan()
    assert [found[name] for name in COUNTS] == [1, 1, 1, 0, 1, 1]  # type: ignore[literal-required]
    assert {row["key"]: row["change"] for row in share.work()} == {
        "monthly-sync/changed.txt": "changed",
        "monthly-sync/failed": "retried",
        "monthly-sync/new": "new",
    }
    assert share.deleted() == [entry("gone", "5")]
    assert (found["known"], found["previous"]) == (4, "exec-1")


def test_a_full_sync_works_on_everything_and_archives_nothing_that_moved(share: Share) -> None:
    hold_known(share, 9, **{"moved.pdf": "content 9"})
    found = share.scan(full_sync=True)
    assert len(share.work(step="extract")) == found["total_files"] == 10
    assert (found["changed"], found["new"], found["moved"], found["deleted"]) == (9, 1, 0, 0)
    assert [row["moved_to"] for row in share.deleted()] == ["monthly-sync/moved.pdf"]


def test_what_moved_is_indexed_without_being_extracted(share: Share) -> None:
    hold_known(share, 9, **{"新/9.pdf": "content 9"})
    found = share.scan()
    assert (found["moved"], found["new"], found["deleted"]) == (1, 0, 0)
    assert (found["extract_count"], found["index_count"]) == (0, 1)
    assert share.work() == [
        {
            **entry("新/9.pdf", "content 9"),
            "kind": "document",
            "change": "moved",
            "moved_from": "monthly-sync/部/9.pdf",
        }
    ]
    assert share.deleted() == [
        {**entry("部/9.pdf", "content 9"), "moved_to": "monthly-sync/新/9.pdf"}
    ]


@pytest.mark.parametrize(("name", "status"), [("moved.txt", "indexed"), ("moved.pdf", "failed")])
def test_what_moved_is_extracted_where_its_old_text_does_not_count(
    share: Share, name: str, status: str
) -> None:
    share.hold({name: "content"})
    share.know([entry("was.pdf", "content", status=status)])
    found = share.scan()
    assert (found["new"], found["moved"], found["deleted"]) == (1, 0, 0)
    assert [row["change"] for row in share.work(step="extract")] == ["new"]
    assert [row.get("moved_to") for row in share.deleted()] == [keys.DATA + name]


def test_an_empty_file_has_not_moved(share: Share) -> None:
    share.hold({"new.txt": ""})
    share.know([entry("old.txt", "", status="skipped", reason="empty")])
    found = share.scan()
    assert (found["new"], found["moved"], found["deleted"]) == (1, 0, 1)


def test_work_files_get_more_lines_rather_than_too_many_children(
    share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nas_sync.scan.work_files._MOST_FILES", 8)
    share.hold({f"{n:03}{end}": f"{n}" for n in range(30) for end in (".pdf", ".png", "")})
    found = share.scan()
    assert found["index_count"] <= 8
    assert len(share.work()) == 90


def test_the_version_of_a_batch_is_later_than_the_last_ones_even_if_the_clock_is_not(
    share: Share,
) -> None:
    ahead = int(NOW.timestamp() * 1000) + 5000
    share.know([], version=ahead)
    assert share.scan()["version"] == ahead + 1
    assert share.scan(sync_batch_id="exec-3")["version"] == ahead + 2


def test_a_scan_that_ended_is_answered_again(share: Share) -> None:
    share.hold({"a": "1"})
    first = share.scan()
    share.hold({"a": "1", "b": "2"})
    assert share.scan() == share.scan(resume=True, sync_batch_id="exec-2") == first


def test_a_batch_without_a_scan_is_not_continued_and_the_one_that_can_be_is_named(
    share: Share,
) -> None:
    share.hold({"a": "1"})
    with pytest.raises(BatchNotFound, match=r"it has no scan\. Please start a new run"):
        share.scan(resume=True, sync_batch_id="exec-9")
    share.scan(sync_batch_id="exec-3")
    share.scan()
    with pytest.raises(BatchNotFound, match=r"exec-9 can't be.*continue exec-2, or start"):
        share.scan(resume=True, sync_batch_id="exec-9")


@pytest.mark.parametrize("reconciled", [False, True])
def test_a_batch_is_not_continued_once_a_later_one_was_scanned(
    share: Share, reconciled: bool
) -> None:
    share.hold({"a": "1"})
    share.scan(sync_batch_id="exec-1")
    if reconciled:
        share.know([entry("a", "1", status="indexed")])
    share.scan(sync_batch_id="exec-9")
    newest = share.scan()
    told = r"exec-1 can't be continued: exec-2 was scanned since.*continue exec-2, or start a new"
    with pytest.raises(BatchNotFound, match=told):
        share.scan(resume=True, sync_batch_id="exec-1")
    assert share.scan(resume=True) == newest


def test_a_batch_is_not_continued_once_a_later_one_was_reconciled(share: Share) -> None:
    share.hold({"a": "1"})
    share.know([])
    share.scan()
    share.know([entry("a", "1")], batch="exec-3")
    with pytest.raises(BatchNotFound, match=r"exec-3 was reconciled since its scan.*start a new"):
        share.scan(resume=True)


def test_a_batch_that_was_reconciled_itself_may_be_continued(share: Share) -> None:
    share.hold({"a": "1"})
    first = share.scan()
    share.know([entry("a", "1", status="indexed")], batch="exec-2")
    assert share.scan(resume=True) == first


def test_the_brake_stops_a_batch_and_is_released_by_name(share: Share) -> None:
    hold_known(share, 7, 8, 9, **{"moved.pdf": "content 9"})
    strict = settings(brake_percent=19)
    with pytest.raises(BrakeEngaged, match=r"2 of 10 known files \(20.0%\).*release_brake"):
        share.scan(strict)
    with pytest.raises(BrakeEngaged):
        share.scan(strict, resume=True)
    assert share.scan(strict, resume=True, release_brake=True)["deleted"] == 2


def test_the_brake_lets_pass_what_a_month_explains(share: Share) -> None:
    hold_known(share, 8, 9)
    assert share.scan(settings(brake_percent=20))["deleted"] == 2


@pytest.mark.parametrize("detects", [True, False])
def test_an_empty_listing_stops_a_batch(share: Share, detects: bool) -> None:
    share.know(KNOWN)
    with pytest.raises(BrakeEngaged, match="the listing is empty, and 10 files were known"):
        share.scan(settings(detects_deletions=detects))


def test_what_only_a_batch_knew_that_never_ended_leaves_the_index_with_the_next_one(
    share: Share,
) -> None:
    hold_known(share, **{"left.pdf": "left", "renamed.pdf": "same", "still.pdf": "still"})
    share.scan()
    hold_known(share, **{"name.pdf": "same", "still.pdf": "still"})
    found = share.scan(sync_batch_id="exec-3")
    assert share.deleted("exec-3") == [
        entry("left.pdf", "left"),
        {**entry("renamed.pdf", "same"), "moved_to": "monthly-sync/name.pdf"},
    ]
    assert [row["change"] for row in share.work("exec-3", "extract")] == ["new", "new"]
    assert (found["new"], found["deleted"], found["known"]) == (2, 1, 13)


def test_what_moved_is_extracted_where_a_batch_that_never_ended_may_have_removed_it(
    share: Share,
) -> None:
    hold_known(share, 9, **{"新/9.pdf": "content 9"})
    share.scan()
    found = share.scan(sync_batch_id="exec-3")
    assert (found["moved"], found["new"], found["deleted"]) == (0, 1, 0)
    assert [row["key"] for row in share.work("exec-3", "extract")] == ["monthly-sync/新/9.pdf"]
    assert share.deleted("exec-3")[0]["moved_to"] == "monthly-sync/新/9.pdf"


def test_what_a_batch_that_never_ended_may_have_replaced_or_removed_is_done_again(
    share: Share,
) -> None:
    hold_known(share, 1, **{"部/0.pdf": "another content"})
    share.scan()
    hold_known(share)
    found = share.scan(sync_batch_id="exec-3")
    assert {row["key"]: row["change"] for row in share.work("exec-3", "extract")} == {
        "monthly-sync/部/0.pdf": "changed",
        "monthly-sync/部/1.pdf": "changed",
    }
    assert (found["changed"], found["unchanged"], found["deleted"]) == (2, 8, 0)


def test_a_scan_that_ends_late_leaves_the_one_that_went_on(share: Share) -> None:
    hold_known(share, **{"new.pdf": "1"})
    scans: list[Scan] = []
    share.s3.meanwhile[keys.scan("exec-2")] = lambda: scans.append(
        share.scan(now=NOW + timedelta(minutes=1))
    )
    late = share.scan()
    assert [late] == scans
    assert share.store.read_json(keys.scan("exec-2")) == late
    assert late["begun"]


def test_what_the_brake_kept_a_batch_from_is_not_done_again(share: Share) -> None:
    share.know(KNOWN)
    with pytest.raises(BrakeEngaged):
        share.scan(settings(brake_percent=5))
    hold_known(share)
    assert share.scan(sync_batch_id="exec-3")["unchanged"] == 10


def test_a_full_sync_that_never_ended_is_made_up_for(share: Share) -> None:
    hold_known(share)
    share.scan(full_sync=True)
    found = share.scan(sync_batch_id="exec-3")
    assert (found["full_sync"], found["changed"], found["unchanged"]) == (True, 10, 0)


def test_what_a_reconciliation_found_different_is_done_again_or_leaves_the_index(
    share: Share,
) -> None:
    hold_known(share)
    share.scan()
    told = [{"key": keys.DATA + path} for path in ("部/3.pdf", "nobody's.pdf", "部/3.pdf")]
    share.store.write_lines(keys.report("exec-2", keys.DIFFERENCES), told)
    found = share.scan(sync_batch_id="exec-3")
    (work,) = share.work("exec-3", "extract")
    assert (work["key"], work["change"]) == ("monthly-sync/部/3.pdf", "changed")
    assert [row["key"] for row in share.deleted("exec-3")] == ["monthly-sync/nobody's.pdf"]
    assert (found["changed"], found["unchanged"], found["deleted"]) == (1, 9, 1)


def test_the_brake_holds_before_any_batch_was_reconciled(share: Share) -> None:
    share.hold({f"{n}.pdf": f"content {n}" for n in range(10)})
    share.scan()
    share.hold({})
    with pytest.raises(BrakeEngaged):
        share.scan(settings(brake_percent=5), sync_batch_id="exec-3")


def test_with_preserve_no_deletions_are_detected_and_the_answer_says_so(share: Share) -> None:
    hold_known(share, 5)
    found = share.scan(settings(detects_deletions=False, brake_percent=0))
    assert (found["deleted"], found["deletions_detected"]) == (0, False)
    assert share.deleted() == []


def test_a_listing_that_is_not_sorted_is_refused(share: Share) -> None:
    share.hold({"a": "1"})
    share.store.write_lines(keys.reconciled("exec-1"), [entry("b", "1"), entry("a", "1")])
    share.store.write_json(keys.PREVIOUS, {"batch": "exec-1", "version": 1})
    with pytest.raises(JobError, match=r"reconciled\.jsonl\.gz isn't sorted"):
        share.scan()
