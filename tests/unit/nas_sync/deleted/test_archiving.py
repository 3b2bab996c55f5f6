"""Files that are gone: kept once, marked, out of the index, and nothing else touched."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from itertools import cycle
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from moto.s3.models import s3_backends

from nas_sync import keys
from nas_sync.deleted import archiving
from nas_sync.deleted.archiving import Estate as Surroundings
from nas_sync.deleted.copying import CopyError
from nas_sync.errors import BatchNotFound
from nas_sync.indexing import indexing
from nas_sync.store import Store
from tests.unit.nas_sync.estate import ARCHIVE, BATCH, BUCKET, VERSION, Estate, result, row

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

BEFORE = "exec-00000000000000000"
LONG_AGO = datetime(2025, 11, 1, tzinfo=UTC)
DELETED = datetime(2025, 11, 30, 16, 55, tzinfo=UTC)  # by the transfer, before the scan
PART = 5 * 1024 * 1024


def index(estate: Estate, *paths: str) -> None:
    """Index files by a batch before."""
    estate.scanned(BEFORE, VERSION - 1)
    work = estate.work([row(path) for path in paths], batch=BEFORE)
    estate.store.write_lines(
        keys.result(BEFORE, keys.name_of(work), 0, len(paths)),
        [result(path, text="x") for path in paths],
    )
    indexing.index(estate.places(), BEFORE, work, LONG_AGO)


def delete(estate: Estate, path: str, body: bytes = b"content") -> dict[str, Any]:
    """Put a file and delete it; its line in deleted.jsonl."""
    key = f"{keys.DATA}{path}"
    etag = estate.s3.put_object(Bucket=BUCKET, Key=key, Body=body, Metadata={"file-mtime": "1s"})[
        "ETag"
    ]
    remove(estate, key)
    return {"key": key, "size": len(body), "etag": etag.strip('"')}


def remove(estate: Estate, key: str) -> None:
    """Delete an object as the transfer did."""
    estate.s3.delete_object(Bucket=BUCKET, Key=key)
    marker: Any = s3_backends["123456789012"]["aws"].buckets[BUCKET].keys.getlist(key)[-1]
    marker.last_modified = DELETED


def archive(
    estate: Estate,
    lines: list[dict[str, Any]] | None = None,
    seconds: float = 900,
    batch: str = BATCH,
) -> dict[str, Any]:
    if lines is not None:
        estate.store.write_lines(keys.deleted(batch), lines)
    surroundings = Surroundings(
        raw=estate.store,
        archive=Store(estate.s3, ARCHIVE),
        table=estate.table,
        search=estate.search,
        indices=estate.indices,
        time_left=lambda: seconds,
    )
    return archiving.archive(surroundings, batch)


def kept(estate: Estate) -> dict[str, str]:
    """The MD5 of what lies in the archive, by key."""
    found = estate.s3.list_objects_v2(Bucket=ARCHIVE).get("Contents", [])
    assert {each["StorageClass"] for each in found} <= {"DEEP_ARCHIVE"}
    return {each["Key"]: each["ETag"].strip('"') for each in found}


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def ends(estate: Estate) -> list[dict[str, Any]]:
    return [
        line for key in estate.store.keys(f"archived/{BATCH}/") for line in estate.store.lines(key)
    ]


def test_a_deleted_file_is_kept_marked_and_no_longer_found(estate: Estate) -> None:
    index(estate, "営業/見積.txt", "stays.txt")
    line = delete(estate, "営業/見積.txt", "内容".encode())

    told = archive(estate, [line])

    assert told == {"done": True, "archived_count": 1, "moved_count": 0, "failed_count": 0}
    place = "deleted/2025-11/monthly-sync/営業/見積.txt"
    assert kept(estate) == {place: line["etag"]}
    head = estate.s3.head_object(Bucket=ARCHIVE, Key=place)
    assert head["Metadata"] == {"file-mtime": "1s"}
    item = estate.item(line["key"])
    assert item is not None
    assert item["archived_to"] == f"s3://{ARCHIVE}/{place}"
    assert item["deleted_at"] == "2025-11-30T17:00:00Z"
    assert item["file_name"] == "見積.txt"
    assert [*estate.documents()] == ["stays.txt"]
    assert ends(estate) == [
        {"key": line["key"], "status": "archived", "archived_to": f"s3://{ARCHIVE}/{place}"}
    ]


def test_the_version_that_was_listed_is_kept_not_a_later_one(estate: Estate) -> None:
    line = delete(estate, "a.txt", b"listed")
    delete(estate, "a.txt", b"later")
    delete(estate, "a.txt.bak", b"another file")

    archive(estate, [line])

    assert kept(estate) == {"deleted/2025-11/monthly-sync/a.txt": md5(b"listed")}


def test_the_newest_version_is_kept_where_the_listed_one_is_gone(estate: Estate) -> None:
    line = delete(estate, "a.txt", b"newest")

    archive(estate, [{**line, "etag": "0" * 32}])

    assert kept(estate) == {"deleted/2025-11/monthly-sync/a.txt": md5(b"newest")}


def test_another_content_of_the_same_month_is_kept_beside_the_first(estate: Estate) -> None:
    first = delete(estate, "a.txt", b"first")
    archive(estate, [first])
    second = delete(estate, "a.txt", b"second")
    for key in list(estate.store.keys(f"archived/{BATCH}/")):
        estate.s3.delete_object(Bucket=BUCKET, Key=key)

    for _ in range(2):  # doing it again changes nothing
        archive(estate, [second])

    assert kept(estate) == {
        "deleted/2025-11/monthly-sync/a.txt": md5(b"first"),
        f"deleted/2025-11/monthly-sync/a~{second['etag']}.txt": md5(b"second"),
    }


def test_a_run_that_was_killed_before_it_took_note_archives_nothing_twice(estate: Estate) -> None:
    line = delete(estate, "a.txt")
    archive(estate, [line])
    before = estate.s3.list_object_versions(Bucket=ARCHIVE)["Versions"]
    for key in list(estate.store.keys(f"archived/{BATCH}/")):
        estate.s3.delete_object(Bucket=BUCKET, Key=key)

    told = archive(estate)

    assert told["archived_count"] == 1
    assert estate.s3.list_object_versions(Bucket=ARCHIVE)["Versions"] == before


def test_a_batch_of_a_later_month_archives_nothing_twice(estate: Estate) -> None:
    line = delete(estate, "a.txt")
    archive(estate, [line])
    before = estate.s3.list_object_versions(Bucket=ARCHIVE)["Versions"]
    later = "exec-0ffffffffffffffff"  # the first one failed in the end, and was not continued
    estate.scanned(later, VERSION + 86_400_000)

    told = archive(estate, [line], batch=later)

    assert told["archived_count"] == 1
    assert estate.s3.list_object_versions(Bucket=ARCHIVE)["Versions"] == before
    item = estate.item(line["key"])
    assert item is not None
    assert item["archived_to"] == f"s3://{ARCHIVE}/deleted/2025-11/monthly-sync/a.txt"


def test_a_source_that_the_list_tells_enough_about_is_not_looked_at(estate: Estate) -> None:
    line = delete(estate, "a.txt")
    looked_at: list[str] = []
    estate.s3.meta.events.register(
        "before-parameter-build.s3.HeadObject",
        lambda params, **_: looked_at.append(params["Bucket"]),
    )

    archive(estate, [line])

    assert looked_at.count(ARCHIVE) == 1
    assert BUCKET not in looked_at


@pytest.mark.parametrize(("checksums", "same"), [(["c", "c"], True), (["c", "d"], False)])
def test_where_etags_tell_nothing_as_with_kms_checksums_do(
    estate: Estate, checksums: list[str], same: bool
) -> None:
    line = delete(estate, "a.txt")
    told = cycle(checksums)  # of the copy, of its source, and of what would be a second copy

    def encrypted(parsed: dict[str, Any], **_: object) -> None:
        parsed.update(ETag=f'"{token_hex(16)}"', ChecksumCRC64NVME=next(told))

    estate.s3.meta.events.register("after-call.s3.HeadObject", encrypted)

    if same:
        assert archive(estate, [line])["archived_count"] == 1
    else:
        with pytest.raises(CopyError, match="differs from version"):
            archive(estate, [line])


def test_a_version_that_goes_while_it_is_archived_is_told_as_gone(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = delete(estate, "a.txt")
    copy = estate.s3.copy_object

    def too_late(**asked: Any) -> Any:
        source = asked["CopySource"]
        estate.s3.delete_object(Bucket=BUCKET, Key=source["Key"], VersionId=source["VersionId"])
        return copy(**asked)

    monkeypatch.setattr(estate.s3, "copy_object", too_late)

    assert archive(estate, [line])["failed_count"] == 1
    assert ends(estate)[0]["reason"] == "no_version"


def test_a_file_in_parts_is_copied_in_the_same_parts(estate: Estate) -> None:
    key = f"{keys.DATA}big.bin"
    where: dict[str, Any] = {"Bucket": BUCKET, "Key": key}
    upload = estate.s3.create_multipart_upload(**where, Metadata={"file-mtime": "5s"})["UploadId"]
    parts: list[CompletedPartTypeDef] = [
        {
            "PartNumber": number,
            "ETag": estate.s3.upload_part(**where, UploadId=upload, PartNumber=number, Body=body)[
                "ETag"
            ],
        }
        for number, body in ((1, b"1" * PART), (2, b"2"))
    ]
    etag = estate.s3.complete_multipart_upload(
        **where, UploadId=upload, MultipartUpload={"Parts": parts}
    )["ETag"]
    remove(estate, key)

    archive(estate, [{"key": key, "size": PART + 1, "etag": etag.strip('"')}])

    head = estate.s3.head_object(Bucket=ARCHIVE, Key="deleted/2025-11/monthly-sync/big.bin")
    assert (head["ETag"], head["ContentLength"]) == (etag, PART + 1)
    assert head["Metadata"] == {"file-mtime": "5s"}


def test_a_moved_file_leaves_the_index_only(estate: Estate) -> None:
    index(estate, "old.txt")
    line = {**delete(estate, "old.txt"), "moved_to": "monthly-sync/new.txt"}

    told = archive(estate, [line])

    assert (told["moved_count"], told["archived_count"]) == (1, 0)
    assert kept(estate) == {}
    assert estate.documents() == {}
    item = estate.item("monthly-sync/old.txt")
    assert item is not None
    assert (item["moved_to"], "archived_to" in item) == ("new.txt", False)


def test_a_file_that_was_found_again_by_a_newer_batch_is_left_alone(estate: Estate) -> None:
    line = delete(estate, "a.txt")
    later = "exec-0ffffffffffffffff"
    estate.scanned(later, VERSION + 1000)
    work = estate.work([row("a.txt")], batch=later)
    indexing.index(estate.places(), later, work, datetime(2025, 12, 1, tzinfo=UTC))

    archive(estate, [line])

    assert [*estate.documents()] == ["a.txt"]
    item = estate.item(line["key"])
    assert item is not None
    assert "deleted_at" not in item


def test_a_file_without_any_version_failed_and_is_told(estate: Estate) -> None:
    index(estate, "a.txt")

    told = archive(estate, [{"key": "monthly-sync/a.txt", "size": 1, "etag": "e"}])

    assert told["failed_count"] == 1
    assert ends(estate)[0]["reason"] == "no_version"
    assert estate.documents() == {}


def test_when_time_runs_out_the_next_call_goes_on(estate: Estate) -> None:
    lines = [delete(estate, f"{number:02}.txt", f"{number}".encode()) for number in range(40)]

    calls = [archive(estate, lines, seconds=0)]
    while not calls[-1]["done"]:
        calls.append(archive(estate, seconds=0))

    assert sum(call["archived_count"] for call in calls) == 40
    assert len(calls) == 4
    assert all(call["archived_count"] for call in calls[:-1])
    assert len(kept(estate)) == 40
    assert [end["key"] for end in ends(estate)] == [line["key"] for line in lines]


def test_nothing_is_marked_when_the_copy_is_refused(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    index(estate, "a.txt")
    line = delete(estate, "a.txt")

    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "CopyObject")

    monkeypatch.setattr(estate.s3, "copy_object", refuse)

    with pytest.raises(Exception, match="access is denied"):
        archive(estate, [line])

    item = estate.item(line["key"])
    assert item is not None
    assert "deleted_at" not in item
    assert [*estate.documents()] == ["a.txt"]


def test_a_batch_without_a_scan_is_refused(estate: Estate) -> None:
    estate.s3.delete_object(Bucket=BUCKET, Key=keys.scan(BATCH))

    with pytest.raises(BatchNotFound, match=BATCH):
        archive(estate, [])
