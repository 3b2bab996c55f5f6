"""A batch counts as done when S3, OpenSearch and DynamoDB agree on every file, not before."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest

from nas_sync import keys
from nas_sync.errors import ReconciliationFailed
from nas_sync.notify.causes import readable
from nas_sync.reconcile import problem_list
from nas_sync.records import file_id
from nas_sync.scan.batches import Scan
from tests.unit.nas_sync.estate import TABLE
from tests.unit.nas_sync.payloads import LONGEST_PATHS, MOST, size
from tests.unit.nas_sync.reconcile.world import World

FILES = {
    "a/見積書.pdf": "1",
    "a/壊れた.docx": "2",
    "b/鍵付き.xlsx": "3",
    "b/写真.jpg": "4",
    "c/図面.dwg": "5",
    "😀.txt": "6",
    "ｱ.txt": "7",  # sorted behind 😀 where UTF-16 is compared
}
BAD = {"a/壊れた.docx": "corrupt", "b/鍵付き.xlsx": "encrypted"}


@pytest.fixture
def scan(world: World) -> Scan:
    """A first batch that only has to be reconciled."""
    world.hold(FILES)
    return world.batch(1, BAD)


def test_when_all_agree_the_batch_becomes_the_one_that_the_next_is_compared_with(
    world: World, scan: Scan
) -> None:
    report = world.reconcile(scan)
    assert (report["scanned"], report["opensearch"], report["dynamodb"]) == (7, 7, 7)
    assert (report["indexed"], report["skipped"], report["failed"]) == (5, 1, 1)
    assert report["reasons"] == {"corrupt": 1, "encrypted": 1}
    assert (report["texts_extracted"], report["images_processed"]) == (3, 1)
    assert world.store.read_json(report["report_key"]) == report
    assert world.differences(scan) == {}
    previous = world.store.read_json(keys.PREVIOUS)
    assert (previous["batch"], previous["version"]) == ("exec-1", scan["version"])
    statuses = {row["key"]: row["status"] for row in world.rows(keys.reconciled("exec-1"))}
    assert list(statuses) == sorted(keys.DATA + path for path in FILES)
    assert statuses["monthly-sync/a/壊れた.docx"] == "failed"


def test_a_month_later_what_changed_moved_and_went_is_reconciled(world: World, scan: Scan) -> None:
    world.reconcile(scan)
    later = {**FILES, "a/見積書.pdf": "new", "d/写真.jpg": "4", "d/新規.pdf": "8"}
    del later["b/写真.jpg"], later["c/図面.dwg"]
    world.hold(later)
    second = world.batch(2)
    report = world.reconcile(second)
    assert (second["retried"], second["moved"]) == (1, 1)
    assert (report["scanned"], report["indexed"], report["failed"]) == (7, 6, 0)
    assert (report["deleted"], report["archived"], report["moved"]) == (1, 1, 1)
    assert report["reasons"] == {"encrypted": 1}
    assert world.reconcile(world.batch(3))["processed"] == 0


def test_operators_get_a_list_for_excel_with_each_reason_explained(
    world: World, scan: Scan
) -> None:
    report = world.reconcile(scan)
    body = world.s3.get_object(Bucket="raw", Key=report["problems_key"])["Body"].read()
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(StringIO(body.decode("utf-8-sig"), newline="")))
    assert [row["ファイル"] for row in rows] == ["a/壊れた.docx", "b/鍵付き.xlsx"]
    assert [row["状態"] for row in rows] == ["失敗", "対象外"]
    assert [row["理由コード"] for row in rows] == ["corrupt", "encrypted"]
    assert "壊れて" in rows[0]["説明"]
    assert rows[0]["詳細"] == "it is corrupt"


@pytest.mark.parametrize("sign", [*"=+-@＝＋－＠", "\t", "\r", "\n"])
def test_excel_takes_no_name_for_a_formula(world: World, sign: str) -> None:
    with problem_list.writing(world.store, "exec-1") as problems:
        name = keys.DATA + f'{sign}HYPERLINK("x"),1'
        problems.add({"key": name, "status": "failed", "reason": "corrupt"})
    body = world.s3.get_object(Bucket="raw", Key="reports/exec-1/problems.csv")["Body"].read()
    (row,) = csv.DictReader(StringIO(body.decode("utf-8-sig"), newline=""))
    assert row["ファイル"] == f'\'{sign}HYPERLINK("x"),1'


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_no_name_begins_a_row_of_its_own(world: World, end: str) -> None:
    with problem_list.writing(world.store, "exec-1") as problems:
        name = f"{keys.DATA}a{end}=1+1"
        problems.add({"key": name, "status": "failed", "reason": "corrupt"})
    body = world.s3.get_object(Bucket="raw", Key="reports/exec-1/problems.csv")["Body"].read()
    assert f'"a{end}=1+1",'.encode() in body


def lose_document(world: World) -> None:
    world.search.delete(index=world.indices.files_alias, id=file_id(keys.DATA + "😀.txt"))


def alien_document(world: World) -> None:
    body = {"file_id": "x", "file_path": "zz.txt", "content_status": "indexed"}
    world.search.index(index=world.indices.files_alias, id="x", body=body)


def misplaced_document(world: World) -> None:
    key = keys.DATA + "😀.txt"
    body = {"file_id": file_id(key), "file_path": "😀.txt", "content_status": "indexed"}
    world.search.index(index=world.indices.images_alias, id=file_id(key), body=body)


def wrong_document(world: World) -> None:
    id_ = file_id(keys.DATA + "😀.txt")
    change = {"doc": {"content_status": "failed", "reason": "timeout"}}
    world.search.update(index=world.indices.files_alias, id=id_, body=change)


def older_document(world: World) -> None:
    id_ = file_id(keys.DATA + "😀.txt")
    change = {"doc": {"sync_batch_id": "an older one"}}
    world.search.update(index=world.indices.files_alias, id=id_, body=change)


def lose_item(world: World) -> None:
    id_ = file_id(keys.DATA + "😀.txt")
    world.dynamodb.delete_item(TableName=TABLE, Key={"file_id": {"S": id_}})


def set_item(name: str, value: Any) -> Callable[[World], None]:
    def change(world: World) -> None:
        world.dynamodb.update_item(
            TableName=TABLE,
            Key={"file_id": {"S": file_id(keys.DATA + "😀.txt")}},
            UpdateExpression="SET #0 = :0",
            ExpressionAttributeNames={"#0": name},
            ExpressionAttributeValues={":0": value},
        )

    return change


def lose_outcomes(world: World) -> None:
    for key in list(world.store.keys("indexed/exec-1/other")):
        world.s3.delete_object(Bucket="raw", Key=key)


@pytest.mark.parametrize(
    ("harm", "place", "told"),
    [
        (lose_document, ("😀.txt", "opensearch"), "it isn't there"),
        (alien_document, ("zz.txt", "opensearch"), "it has the id x"),
        (misplaced_document, ("😀.txt", "opensearch"), "-images, and belongs in"),
        (wrong_document, ("😀.txt", "opensearch"), "it is failed (timeout) of 1 bytes, and has to"),
        (older_document, ("😀.txt", "opensearch"), "it was written by an older one"),
        (lose_item, ("😀.txt", "dynamodb"), "it isn't there"),
        (set_item("file_size", {"N": "9"}), ("😀.txt", "dynamodb"), "of 9 bytes"),
        (set_item("deleted_at", {"S": "now"}), ("😀.txt", "dynamodb"), "marked as deleted"),
        (lose_outcomes, ("c/図面.dwg", "batch"), "it was not indexed"),
    ],
)
def test_what_differs_is_listed_and_the_last_batch_stays_the_last(
    world: World, scan: Scan, harm: Any, place: tuple[str, str], told: str
) -> None:
    harm(world)
    with pytest.raises(
        ReconciliationFailed, match=r"1 differences \(.*differences\.jsonl.*resume.*new run"
    ):
        world.reconcile(scan)
    (difference,) = world.differences(scan).items()
    assert difference[0] == place
    assert told in difference[1]
    assert not world.store.exists(keys.PREVIOUS)
    assert not world.store.exists(keys.report("exec-1", keys.REPORT))


@pytest.mark.parametrize("path", LONGEST_PATHS)
def test_however_long_the_paths_of_what_differs_the_message_says_what_to_do(
    world: World, path: str
) -> None:
    world.hold({f"{path[:-1]}{number}": "x" for number in range(9)})
    scan = world.scan(1)  # and nothing is indexed
    with pytest.raises(ReconciliationFailed) as told:
        world.reconcile(scan)
    assert size(told.value) < MOST
    in_the_mail = readable(str(told.value))
    assert in_the_mail.startswith("9 differences (batch 9), such as monthly-sync/")
    assert in_the_mail.endswith("start a new run without resume: it does them again")


@pytest.mark.parametrize(
    "harm", [lose_document, wrong_document, lose_item, set_item("deleted_at", {"S": "now"})]
)
def test_the_run_after_a_difference_does_just_that_file_again(
    world: World, scan: Scan, harm: Any
) -> None:
    world.reconcile(scan)
    harm(world)
    with pytest.raises(ReconciliationFailed):
        world.reconcile(world.batch(2, BAD))
    report = world.reconcile(world.batch(3, BAD))
    assert (report["retried"], report["changed"], report["unchanged"]) == (1, 1, 5)


def test_what_came_back_as_it_was_after_a_batch_that_never_ended_is_reconciled(
    world: World, scan: Scan
) -> None:
    world.reconcile(scan)
    later = {**FILES, "a/見積書.pdf": "b", "d/写真.jpg": "4"}  # changed, moved and gone
    del later["b/写真.jpg"], later["c/図面.dwg"]
    world.hold(later)
    world.batch(2, BAD)
    world.hold(FILES)
    report = world.reconcile(world.batch(3, BAD))
    assert (report["scanned"], report["changed"], report["unchanged"]) == (7, 3, 3)


def test_an_item_of_a_file_that_only_a_batch_knew_which_never_ended_has_to_be_marked(
    world: World, scan: Scan
) -> None:
    world.reconcile(scan)
    world.hold({**FILES, "d/途中.txt": "8"})
    world.batch(2, BAD)
    world.hold(FILES)
    third = world.batch(3, BAD)
    left = {"file_id": {"S": file_id(keys.DATA + "d/途中.txt")}}
    world.dynamodb.put_item(TableName=TABLE, Item=left)  # as a call does that goes on too long
    with pytest.raises(ReconciliationFailed):
        world.reconcile(third)
    assert world.differences(third) == {
        ("d/途中.txt", "dynamodb"): "it is gone from S3, and not marked as deleted",
    }
    report = world.reconcile(world.batch(4, BAD))
    assert (report["scanned"], report["deleted"], report["archived"]) == (7, 1, 1)
    assert world.item("d/途中.txt")["archived_to"]


def test_a_deleted_file_has_to_be_out_of_the_index_and_marked(world: World, scan: Scan) -> None:
    world.reconcile(scan)
    world.hold({path: text for path, text in FILES.items() if path != "😀.txt"})
    second = world.scan(2)
    with pytest.raises(ReconciliationFailed, match="it was not archived"):
        world.reconcile(second)
    line = {"key": keys.DATA + "😀.txt", "status": "archived"}  # which is a lie
    world.store.write_lines(keys.archived("exec-2", 0, 1), [line])
    world.extract(second)
    world.index(second)
    with pytest.raises(ReconciliationFailed):
        world.reconcile(second)
    assert world.differences(second) == {
        ("😀.txt", "opensearch"): f"it is gone from S3, and still in {world.indices.files_alias}",
        ("😀.txt", "dynamodb"): "it is gone from S3, and not marked as deleted",
    }


def test_where_deletions_are_not_detected_what_went_stays_known(world: World, scan: Scan) -> None:
    world.reconcile(scan)
    world.hold({path: text for path, text in FILES.items() if path != "😀.txt"})
    report = world.reconcile(world.batch(2, BAD, detects=False))
    assert (report["total_files"], report["scanned"], report["deleted"]) == (6, 7, 0)
    found = world.batch(3, BAD)
    assert (found["deleted"], world.reconcile(found)["archived"]) == (1, 1)


def test_a_reconciliation_that_is_run_again_answers_the_same(world: World, scan: Scan) -> None:
    assert world.reconcile(scan) == world.reconcile(scan)


def test_a_batch_that_another_one_overtook_does_not_count(world: World, scan: Scan) -> None:
    overtaking = world.batch(2, BAD)
    world.reconcile(overtaking)
    before = world.store.read_json(keys.PREVIOUS)
    with pytest.raises(ReconciliationFailed, match=r"exec-2 was reconciled since.*new run"):
        world.reconcile(scan)
    assert world.store.read_json(keys.PREVIOUS) == before


def test_a_batch_that_is_overtaken_at_the_last_moment_does_not_count(
    world: World, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = world.store.write_json

    def overtake(_: object, key: str, value: object) -> None:
        if key.endswith("report.json"):
            original(keys.PREVIOUS, {"batch": "exec-9"})
        original(key, value)

    monkeypatch.setattr("nas_sync.store.Store.write_json", overtake)
    with pytest.raises(ReconciliationFailed, match="another batch was reconciled while exec-1"):
        world.reconcile(scan)
    assert world.store.read_json(keys.PREVIOUS) == {"batch": "exec-9"}


def test_more_documents_than_a_page_are_all_compared(
    world: World, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nas_sync.reconcile.documents._PAGE", 2)
    monkeypatch.setattr("nas_sync.reconcile.items.AT_ONCE", 2)
    monkeypatch.setattr("nas_sync.reconcile.compare.AT_ONCE", 2)
    assert world.reconcile(scan)["scanned"] == 7


def test_keys_that_dynamodb_leaves_unprocessed_are_asked_for_again(
    world: World, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, calls = world.dynamodb.batch_get_item, []

    def half(**how: Any) -> Any:
        wanted: Any = how["RequestItems"][TABLE]
        calls.append(len(wanted["Keys"]))
        some: Any = {TABLE: {**wanted, "Keys": wanted["Keys"][:3]}}
        answer: dict[str, Any] = dict(original(RequestItems=some))
        left = {TABLE: {**wanted, "Keys": wanted["Keys"][3:]}} if wanted["Keys"][3:] else {}
        return {**answer, "UnprocessedKeys": left}

    monkeypatch.setattr(world.dynamodb, "batch_get_item", half)
    monkeypatch.setattr("time.sleep", lambda _: None)
    assert world.reconcile(scan)["dynamodb"] == 7
    assert calls == [7, 4, 1]
