"""What was read of files is found in OpenSearch and DynamoDB, file by file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from batchworks.errors import JobError
from nas_sync import keys
from nas_sync.errors import BatchNotFound
from nas_sync.extraction import parts
from nas_sync.indexing import indexing
from nas_sync.indexing.indexing import Tally
from nas_sync.records import file_id
from tests.unit.nas_sync.estate import ARN, BATCH, VERSION, Estate, result, row, vector

NOW = datetime(2025, 12, 1, 3, tzinfo=UTC)
LATER = "exec-0ffffffffffffffff"


def index(estate: Estate, work: str, batch: str = BATCH) -> Tally:
    return indexing.index(estate.places(), batch, work, NOW)


def test_a_document_is_in_both_places_with_everything_that_is_known(estate: Estate) -> None:
    work = estate.work([row("営業/見積書.pdf")])
    estate.results(work, [result("営業/見積書.pdf", text="金額 100 円", truncated=True)])

    tally = index(estate, work)

    assert (tally.indexed, tally.catalogued, tally.refused) == (1, 1, 0)
    expected = {
        "file_id": file_id("monthly-sync/営業/見積書.pdf"),
        "file_name": "見積書.pdf",
        "file_path": "営業/見積書.pdf",
        "nas_path": "//nas/share/営業/見積書.pdf",
        "file_type": "pdf",
        "file_size": 10,
        "modified_date": "2025-11-01T00:00:00Z",
        "indexed_at": "2025-12-01T03:00:00Z",
        "sync_batch_id": ARN,
        "content_status": "indexed",
        "truncated": True,
    }
    found = estate.documents()["営業/見積書.pdf"]
    assert found == {**expected, "_id": expected["file_id"], "extracted_text": "金額 100 円"}
    assert estate.item("monthly-sync/営業/見積書.pdf") == {**expected, "file_size": "10"}
    assert estate.outcomes(work) == {
        "monthly-sync/営業/見積書.pdf": {"key": "monthly-sync/営業/見積書.pdf", "status": "indexed"}
    }


def test_an_image_has_its_vector_in_opensearch_only(estate: Estate) -> None:
    work = estate.work([row("a.jpg"), row("b.jpg")], "image")
    seen = {"vector": vector(0.6, -0.8), "width": 640, "height": 480}
    broken = {"status": "failed", "reason": "corrupt", "detail": "no end"}
    estate.results(work, [result("a.jpg", **seen), result("b.jpg", **broken)])

    index(estate, work)

    documents = estate.documents("images")
    assert documents["a.jpg"]["image_vector"][:3] == [0.60000002, -0.80000001, 0.0]
    assert len(documents["a.jpg"]["image_vector"]) == 2048
    assert "image_vector" not in documents["b.jpg"]
    item = estate.item("monthly-sync/a.jpg")
    assert item is not None
    assert (item["has_features"], item["image_width"], item["image_height"]) == (True, "640", "480")
    assert "image_vector" not in item
    assert estate.outcomes(work)["monthly-sync/b.jpg"] == {
        "key": "monthly-sync/b.jpg",
        "status": "failed",
        "reason": "corrupt",
        "detail": "no end",
    }


def test_lines_without_a_result_failed_and_are_found_by_name(estate: Estate) -> None:
    work = estate.work([row("a.txt"), row("b.txt"), row("c.txt")])
    estate.results(work, [result("a.txt", text="x")])
    estate.results(work, [result("c.txt", text="x")], begin=2)  # behind a gap: not trusted
    estate.s3.put_object(
        Bucket="raw",
        Key="monthly-sync/b.txt",
        Body=b"x",
        Metadata={"file-mtime": "1700000000000000000ns"},
    )

    index(estate, work)

    found = estate.documents()
    assert {path: each["content_status"] for path, each in found.items()} == {
        "a.txt": "indexed",
        "b.txt": "failed",
        "c.txt": "failed",
    }
    assert found["b.txt"]["reason"] == "not_processed"
    assert found["b.txt"]["modified_date"] == "2023-11-14T22:13:20Z"
    assert found["c.txt"]["nas_path"] == "//nas/share/c.txt"


def test_lines_without_a_result_say_what_kept_their_work_file_from_being_read(
    estate: Estate,
) -> None:
    work = estate.work([row("a.jpg"), row("b.jpg")], "image")
    estate.results(work, [result("a.jpg", vector=vector(1.0))])
    parts.write_hindrance(estate.store, BATCH, keys.name_of(work), "model_unusable", "no model")

    index(estate, work)

    found = estate.documents("images")
    assert "reason" not in found["a.jpg"]
    assert found["b.jpg"]["reason"] == "model_unusable"
    assert estate.outcomes(work)["monthly-sync/b.jpg"]["detail"] == "no model"


def test_results_that_two_calls_wrote_are_taken_once(estate: Estate) -> None:
    work = estate.work([row("a.txt"), row("b.txt"), row("c.txt")])
    estate.results(work, [result("a.txt", text="1"), result("b.txt", text="1")])
    both = [result(f"{name}.txt", text="2") for name in "abc"]
    estate.results(work, both)

    index(estate, work)

    assert [each["extracted_text"] for each in estate.documents().values()] == ["1", "1", "2"]


def test_results_of_other_files_are_refused(estate: Estate) -> None:
    work = estate.work([row("a.txt", etag="e2")])
    estate.results(work, [result("a.txt", etag="e1")])

    with pytest.raises(JobError, match="don't belong to its lines"):
        index(estate, work)


def test_a_batch_that_was_never_scanned_is_refused(estate: Estate) -> None:
    with pytest.raises(BatchNotFound, match="exec-unknown"):
        index(estate, estate.work([row("a.txt")]), batch="exec-unknown")


def test_doing_it_again_changes_nothing(estate: Estate) -> None:
    work = estate.work([row("a.txt")])
    estate.results(work, [result("a.txt", text="x")])

    first, documents, outcomes = index(estate, work), estate.documents(), estate.outcomes(work)
    again = index(estate, work)

    assert (again.indexed, again.catalogued) == (first.indexed, first.catalogued)
    assert estate.documents() == documents
    assert estate.outcomes(work) == outcomes


def test_an_older_batch_does_not_undo_what_a_newer_one_wrote(estate: Estate) -> None:
    work = estate.work([row("a.txt")])
    estate.results(work, [result("a.txt", text="old")])
    estate.scanned(LATER, VERSION + 1)
    newer = estate.work([row("a.txt")], batch=LATER)
    estate.store.write_lines(
        keys.result(LATER, keys.name_of(newer), 0, 1), [result("a.txt", text="new", size=20)]
    )

    index(estate, newer, LATER)
    tally = index(estate, work)

    assert tally.catalogued == 0
    assert estate.documents()["a.txt"]["extracted_text"] == "new"
    item = estate.item("monthly-sync/a.txt")
    assert item is not None
    assert item["file_size"] == "20"


def test_a_refused_document_is_there_by_name(estate: Estate) -> None:
    work = estate.work([row("a.jpg"), row("b.jpg")], "image")
    seen = {"width": 1, "height": 1}
    estate.results(
        work,
        [result("a.jpg", vector=vector(), **seen), result("b.jpg", vector=vector(1.0), **seen)],
    )  # the first is zero in all dimensions, which has no direction

    tally = index(estate, work)

    assert (tally.indexed, tally.catalogued, tally.refused) == (2, 2, 1)
    found = estate.documents("images")
    assert (found["a.jpg"]["content_status"], found["a.jpg"]["reason"]) == ("failed", "quarantined")
    assert found["b.jpg"]["content_status"] == "indexed"
    outcome = estate.outcomes(work)["monthly-sync/a.jpg"]
    assert (outcome["status"], outcome["reason"]) == ("failed", "quarantined")
    assert "zero" in outcome["detail"]
    item = estate.item("monthly-sync/a.jpg")
    assert item is not None
    assert item["content_status"] == "failed"


def test_moved_files_keep_their_content_without_being_read_again(estate: Estate) -> None:
    before = estate.work([row("old/a.txt")])
    estate.results(before, [result("old/a.txt", text="内容")])
    index(estate, before)
    images = estate.work([row("old/b.jpg")], "image")
    estate.results(images, [result("old/b.jpg", vector=vector(1.0), width=3, height=4)])
    index(estate, images)
    moved = [
        row(f"new/{name}", change="moved", moved_from=f"monthly-sync/old/{name}")
        for name in ("a.txt", "b.jpg", "c.txt")
    ]
    work = estate.work(moved, "moved")

    tally = index(estate, work)

    assert tally.indexed == 3
    found = estate.documents()
    assert found["new/a.txt"]["extracted_text"] == "内容"
    assert found["new/a.txt"]["nas_path"] == "//nas/share/new/a.txt"
    assert found["new/c.txt"]["reason"] == "source_not_indexed"
    image = estate.documents("images")["new/b.jpg"]
    assert (image["image_vector"][0], image["image_width"]) == (1.0, 3)
    assert estate.outcomes(work)["monthly-sync/new/c.txt"]["status"] == "failed"


def test_moved_files_are_indexed_again_though_the_old_documents_are_gone(estate: Estate) -> None:
    before = estate.work([row("old.txt")])
    estate.results(before, [result("old.txt", text="内容")])
    index(estate, before)
    work = estate.work([row("new.txt", change="moved", moved_from="monthly-sync/old.txt")], "moved")
    index(estate, work)
    places = estate.places()
    estate.search.delete(index=places.indices.files_alias, id=file_id("monthly-sync/old.txt"))

    index(estate, work)

    assert estate.documents()["new.txt"]["extracted_text"] == "内容"
