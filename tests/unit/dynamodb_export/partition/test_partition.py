"""What is exported comes into the partition of its day, whole, and nothing else is touched."""

from __future__ import annotations

import json
import logging

import pytest
from botocore.exceptions import ClientError

from batchworks.errors import JobError
from dynamodb_export import keys
from dynamodb_export.native import ledger_store
from dynamodb_export.partition.moving import Outcome
from dynamodb_export.partition.report import NotMovedError, is_dry
from tests.unit.dynamodb_export.partition.shelf import BUCKET, Native, Shelf, partitioned

SOURCE = "raw/internal/dynamodb-exports/dt=2026-02-28/users.json"
TARGET = "raw/internal/dynamodb-exports/year=2026/month=02/day=28/users/users.json"


def test_a_scan_s_object_moves_to_its_table_s_folder_of_the_day(shelf: Shelf) -> None:
    shelf.scan("users", b"[]")
    assert shelf.run().told() == {"processedCount": 1, "finished": True}
    assert shelf.contents() == {TARGET: b"[]"}


def test_a_second_run_has_nothing_to_do(shelf: Shelf) -> None:
    shelf.scan("users", b"[]")
    shelf.run()
    assert shelf.run().told() == {"processedCount": 0, "finished": True}
    assert shelf.contents() == {TARGET: b"[]"}


def test_more_than_one_page_of_objects_is_moved(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "7")
    for number in range(20):
        shelf.scan(f"table-{number}", b"[]")
    assert shelf.run().moved == 20
    assert shelf.names(f"{keys.EXPORTS}dt=") == set()
    assert len(shelf.names()) == 20


def test_what_an_object_is_told_to_be_moves_with_it(shelf: Shelf) -> None:
    told = {"ContentType": "application/json", "Metadata": {"item-count": "7"}}
    shelf.put(SOURCE, b"[]", **told)
    shelf.put_in_parts(SOURCE.replace("users", "tasks"), b"[", b"]", **told)
    shelf.run()
    for key in (TARGET, TARGET.replace("users", "tasks")):
        head = shelf.s3.head_object(Bucket=BUCKET, Key=key)
        assert {name: head[name] for name in told} == told
        assert head["ServerSideEncryption"] == "AES256"


def test_a_copy_of_unequal_parts_has_its_source_s_etag(shelf: Shelf) -> None:
    etag = shelf.put_in_parts(SOURCE, b"[1,", b"2,3,4,", b"5]")
    shelf.run()
    assert shelf.s3.head_object(Bucket=BUCKET, Key=TARGET)["ETag"] == etag
    assert shelf.content(TARGET) == b"[1,2,3,4,5]"


@pytest.mark.parametrize("incremental", [False, True])
def test_a_verified_native_export_moves_with_its_structure(shelf: Shelf, incremental: bool) -> None:
    shelf.native(Native("users", "0177-a", incremental=incremental))
    before = shelf.contents()
    shelf.run()
    assert shelf.contents() == {partitioned(key): content for key, content in before.items()}
    folder = "data/0177-a-0" if incremental else "0177-a/data/0177-a-0"
    assert TARGET.replace("users.json", f"AWSDynamoDB/{folder}.json.gz") in shelf.names()


def test_an_export_that_is_not_verified_stays(shelf: Shelf) -> None:
    shelf.native(Native("users", "0177-a", verified=False, incremental=True))
    shelf.native(Native("users", "0177-b", incremental=True))
    shelf.native(Native("users", "0177-c", verified=False))
    report = shelf.run()
    assert report.waiting == 2
    left = shelf.names(f"{keys.EXPORTS}dt=")
    assert {key for key in left if "0177-b" in key} == set()
    assert len(left) == 2 * (2 + 5)


def test_manifests_come_last_and_the_summary_last_of_all(shelf: Shelf) -> None:
    shelf.native(Native("users", "0177-a", files=tuple(b"%d" % n for n in range(12))))
    deleted: list[str] = []
    shelf.on_call = lambda name, request: (
        deleted.append(request["url_path"]) if name == "DeleteObject" else None
    )
    shelf.run()
    kinds = ["summary" if "-summary" in key else "files" if "-files" in key else "data"
             for key in deleted]  # fmt: skip
    assert kinds == sorted(kinds)
    assert len(kinds) == 17


def test_a_file_that_fails_keeps_the_manifests_back(shelf: Shelf) -> None:
    export = Native("users", "0177-a")
    shelf.native(export)
    shelf.s3.delete_object(Bucket=BUCKET, Key=export.data_keys()[0])
    report = shelf.run()
    assert "is gone and isn't at" in report.troubles[0]
    with pytest.raises(NotMovedError, match="1 could not be moved"):
        report.require_success()
    assert f"{export.folder}manifest-files.json" in shelf.names()
    assert partitioned(f"{export.folder}manifest-files.json") not in shelf.names()


def test_one_table_s_garbled_ledger_doesn_t_stop_the_others(shelf: Shelf) -> None:
    for table in ("tasks", "users"):
        shelf.native(Native(table, f"0177-{table}"))
    shelf.put(keys.native_ledger("tasks"), b"{")
    report = shelf.run()
    assert "garbled" in report.troubles[0]
    assert report.waiting == 1
    assert {key for key in shelf.names(f"{keys.EXPORTS}dt=") if "/users/" in key} == set()


def test_a_garbled_manifest_doesn_t_stop_the_others(shelf: Shelf) -> None:
    exports = [Native("users", "0177-a"), Native("users", "0177-b")]
    for export in exports:
        shelf.native(export)
    shelf.put(f"{exports[0].folder}manifest-files.json", json.dumps({"etag": 1}).encode())
    report = shelf.run()
    assert "garbled" in report.troubles[0]
    assert f"{exports[0].folder}_started" in shelf.names()
    assert {key for key in shelf.names(f"{keys.EXPORTS}dt=") if "0177-b" in key} == set()


def test_a_day_that_was_exported_again_replaces_its_partition(shelf: Shelf) -> None:
    shelf.scan("users", b"[1]")
    shelf.run()
    shelf.scan("users", b"[2]")
    assert shelf.run().moved == 1
    assert shelf.contents() == {TARGET: b"[2]"}
    versions = shelf.s3.list_object_versions(Bucket=BUCKET, Prefix=TARGET)["Versions"]
    assert len(versions) == 2


def test_a_copy_that_is_there_is_not_made_again(shelf: Shelf) -> None:
    shelf.scan("users", b"[1]")
    shelf.put(TARGET, b"[1]")
    called: list[str] = []
    shelf.on_call = lambda name, _request: called.append(name)
    assert shelf.run().moved == 1
    assert "CopyObject" not in called
    assert shelf.contents() == {TARGET: b"[1]"}


def test_an_export_written_during_the_copy_is_not_deleted(shelf: Shelf) -> None:
    shelf.scan("users", b"[1]")

    def export_again(name: str, _request: object) -> None:
        if name == "DeleteObject":
            shelf.on_call = lambda _name, _request: None
            shelf.scan("users", b"[2]")

    shelf.on_call = export_again
    report = shelf.run()
    assert report.outcomes == {Outcome.CHANGED: 1}
    assert shelf.contents() == {SOURCE: b"[2]", TARGET: b"[1]"}
    shelf.run()
    assert shelf.contents() == {TARGET: b"[2]"}


def test_a_copy_that_isn_t_the_same_keeps_its_source(shelf: Shelf) -> None:
    shelf.scan("users", b"[1]")
    heads = 0

    def write_at_target(name: str, request: dict[str, str]) -> None:
        nonlocal heads
        heads += name == "HeadObject" and request["url_path"].endswith("/users/users.json")
        if heads == 2:
            heads = 3
            shelf.put(TARGET, b"not ours")

    shelf.on_call = write_at_target
    report = shelf.run()
    assert "isn't what its source is" in report.troubles[0]
    assert SOURCE in shelf.names()


def test_a_run_meanwhile_takes_nothing_away(shelf: Shelf) -> None:
    shelf.scan("users", b"[1]")

    def another_run(name: str, _request: object) -> None:
        if name == "CopyObject":
            shelf.on_call = lambda _name, _request: None
            assert shelf.run().moved == 1

    shelf.on_call = another_run
    report = shelf.run()
    assert report.outcomes == {Outcome.GONE: 1}
    assert shelf.contents() == {TARGET: b"[1]"}


def test_a_dry_run_tells_and_changes_nothing(
    shelf: Shelf, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "DataPipeline")
    shelf.scan("users", b"[]")
    shelf.native(Native("tasks", "0177-a"))
    before = shelf.contents()
    report = shelf.run(dry=True)
    assert report.told() == {"processedCount": 0, "finished": True, "planned": 8}
    assert shelf.contents() == before
    assert f"would move {SOURCE} to {TARGET}" in caplog.text


def test_what_is_in_glacier_is_reported_and_stays(shelf: Shelf) -> None:
    shelf.put(SOURCE, b"[]", StorageClass="GLACIER")
    export = Native("users", "0177-a")
    shelf.native(export)
    shelf.put(f"{export.folder}_started", b"", StorageClass="GLACIER")
    before = shelf.names()
    report = shelf.run()
    assert report.told() == {"processedCount": 0, "finished": True, "archived": 6 + 2}
    report.require_success()
    assert shelf.names() == before


@pytest.mark.parametrize(
    "name", ["dt=2026-02-30/users.json", "dt=2026-02-28/users.csv", "dt=2026-02-28/users/x"]
)
def test_what_is_no_export_stays_and_is_counted(shelf: Shelf, name: str) -> None:
    shelf.put(keys.EXPORTS + name, b"x")
    assert shelf.run().told() == {"processedCount": 0, "finished": True, "unknown": 1}
    assert shelf.names() == {keys.EXPORTS + name}


def test_a_run_without_time_stops_and_says_so(shelf: Shelf) -> None:
    for number in range(40):
        shelf.scan(f"table-{number}", b"[]")
    shelf.native(Native("users", "0177-a"))
    report = shelf.run(goes_on=lambda: len(shelf.names(f"{keys.EXPORTS}year=")) < 5)
    assert not report.finished
    assert 5 <= report.moved < 40
    report = shelf.run()
    assert report.finished
    assert shelf.names(f"{keys.EXPORTS}dt=") == set()


def test_an_object_too_large_for_the_time_left_leaves_no_upload(shelf: Shelf) -> None:
    shelf.put_in_parts(SOURCE, *[b"x"] * 30)
    asked = iter(range(1000))
    report = shelf.run(goes_on=lambda: next(asked) < 10)
    assert report.told() == {"processedCount": 0, "finished": False, "stopped": 1}
    assert "Uploads" not in shelf.s3.list_multipart_uploads(Bucket=BUCKET)
    assert shelf.names() == {SOURCE}


def test_a_refusal_of_s3_is_told_and_the_others_go_on(shelf: Shelf) -> None:
    for table in ("tasks", "users"):
        shelf.scan(table, b"[]")

    def refuse(name: str, request: dict[str, str]) -> None:
        if name == "CopyObject" and "users" in request["url_path"]:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, name)

    shelf.on_call = refuse
    report = shelf.run()
    assert report.moved == 1
    assert f"Could not move s3://{BUCKET}/{SOURCE}" in report.troubles[0]
    assert SOURCE in shelf.names()


@pytest.mark.parametrize(("said", "dry"), [({}, False), ({"dryRun": True}, True)])
def test_a_request_says_whether_it_is_dry(said: dict[str, bool], dry: bool) -> None:
    assert is_dry(said) is dry


def test_a_request_that_doesn_t_say_clearly_is_refused() -> None:
    with pytest.raises(JobError, match="give true or false"):
        is_dry({"dryRun": "yes"})


def test_a_table_s_ledger_is_read_once(shelf: Shelf) -> None:
    for number in range(2):
        shelf.native(Native("users", f"0177-{number}", files=(b"x",)))
    assert len(ledger_store.read(shelf.s3, BUCKET, "users").exports) == 2
    read: list[str] = []
    shelf.on_call = lambda _name, request: read.append(request["url_path"])
    shelf.run()
    assert sum("state/" in path for path in read) == 1
