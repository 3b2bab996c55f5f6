"""Exports of tables: asked for, in progress, completed or failed, and their files."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAws
from scripts.local_aws.exports import Exports, Work
from tests.unit.local_aws.exported_table import Table
from tests.unit.local_aws.workshop import Workshop, allow, arn, unique

ODD_ITEM = {
    "id": {"S": "odd"},
    "n": {"N": "12345678901234567890.123456789"},
    "b": {"B": b"\x00\xff"},
    "ss": {"SS": ["a", "日本"]},
    "ns": {"NS": ["1", "2.5"]},
    "bs": {"BS": [b"1", b"2"]},
    "m": {"M": {"l": {"L": [{"NULL": True}, {"BOOL": False}, {"B": b"x"}]}}},
}


@pytest.fixture
def table(workshop: Workshop) -> Iterator[Table]:
    """A table; what is in progress at the end is completed."""
    workshop.aws.complete_exports()
    yield Table(workshop)
    workshop.aws.complete_exports()


def md5(content: bytes) -> str:
    return base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode()


def ids(lines: list[Any]) -> set[str]:
    return {line["Item"]["id"]["S"] for line in lines}


def completed(workshop: Workshop, table: Table, **settings: Any) -> dict[str, Any]:
    export = table.export(**settings)
    assert workshop.aws.complete_exports() == 1
    return table.describe(export)


def test_an_export_is_in_progress_until_it_is_completed(workshop: Workshop, table: Table) -> None:
    table.put("a")
    asked = table.export()
    assert asked["ExportStatus"] == "IN_PROGRESS"
    assert [key.rsplit("/")[-1] for key in table.objects()] == ["_started"]
    assert "ItemCount" not in table.describe(asked)

    assert workshop.aws.complete_exports() == 1

    done = table.describe(asked)
    assert done["ExportStatus"] == "COMPLETED"
    assert (done["ItemCount"], done["TableArn"]) == (1, table.arn)
    assert done["EndTime"] >= done["StartTime"]


def test_items_of_every_type_are_exported_exactly(workshop: Workshop, table: Table) -> None:
    table.dynamodb.put_item(TableName=table.name, Item=ODD_ITEM)

    [line] = table.lines(completed(workshop, table))

    assert line == {
        "Item": {
            "id": {"S": "odd"},
            "n": {"N": "12345678901234567890.123456789"},
            "b": {"B": base64.b64encode(b"\x00\xff").decode()},
            "ss": {"SS": ["a", "日本"]},
            "ns": {"NS": ["1", "2.5"]},
            "bs": {"BS": ["MQ==", "Mg=="]},
            "m": {"M": {"l": {"L": [{"NULL": True}, {"BOOL": False}, {"B": "eA=="}]}}},
        }
    }


def test_manifests_say_what_was_written(workshop: Workshop, table: Table) -> None:
    for number in range(20):
        table.put(f"item {number}")

    export = completed(workshop, table, ExportType="FULL_EXPORT")

    folder = f"raw/x/AWSDynamoDB/{export['ExportArn'].rsplit('/')[-1]}"
    assert export["ExportManifest"] == f"{folder}/manifest-summary.json"
    summary = table.manifest(export)
    assert summary["version"] == "2020-06-30"
    assert summary["exportArn"] == export["ExportArn"]
    assert (summary["itemCount"], summary["exportType"]) == (20, "FULL_EXPORT")
    assert summary["s3Prefix"] == "raw/x"
    files = [json.loads(line) for line in table.read(f"{folder}/manifest-files.json").splitlines()]
    assert sum(each["itemCount"] for each in files) == 20
    assert {each["dataFileS3Key"].rsplit("/", 1)[0] for each in files} == {f"{folder}/data"}
    for each in files:
        assert each["md5Checksum"] == md5(table.read(each["dataFileS3Key"]))
    for name in ("files", "summary"):
        checksum = table.read(f"{folder}/manifest-{name}.md5").decode()
        assert checksum == md5(table.read(f"{folder}/manifest-{name}.json"))


def test_a_full_export_is_of_its_moment(workshop: Workshop, table: Table) -> None:
    table.put("kept")
    table.put("changed later")
    table.put("deleted later")
    workshop.aws.age_backups(3600)
    moment = int(time.time()) - 60
    table.update("changed later", "x")
    table.delete("deleted later")
    table.put("put later")

    lines = table.lines(completed(workshop, table, ExportTime=moment))

    assert ids(lines) == {"kept", "changed later", "deleted later"}
    assert not any("v" in line["Item"] for line in lines)


def test_what_is_written_after_the_request_is_not_exported(
    workshop: Workshop, table: Table
) -> None:
    table.put("before")
    asked = table.export()
    table.put("after")
    table.update("before", "changed")
    workshop.aws.complete_exports()

    assert table.lines(table.describe(asked)) == [{"Item": {"id": {"S": "before"}}}]


def window(hours: float = 1) -> dict[str, Any]:
    """A window that ends an hour ago."""
    end = int(time.time()) - 3600
    return {
        "ExportType": "INCREMENTAL_EXPORT",
        "IncrementalExportSpecification": {
            "ExportFromTime": end - int(hours * 3600),
            "ExportToTime": end,
            "ExportViewType": "NEW_AND_OLD_IMAGES",
        },
    }


def changed_an_hour_and_a_half_ago(aws: LocalAws, table: Table) -> None:
    for name in ("same", "updated", "deleted"):
        table.put(name, v="1")
    aws.age_backups(3600)
    table.put("new")
    table.update("updated", "2")
    table.update("updated", "3")
    table.delete("deleted")
    table.put("gone at once")
    table.delete("gone at once")
    aws.age_backups(5400)
    table.put("too late")


def test_an_incremental_export_has_what_changed_in_its_window(
    workshop: Workshop, table: Table
) -> None:
    changed_an_hour_and_a_half_ago(workshop.aws, table)

    export = completed(workshop, table, **window())

    changes = {line["Keys"]["id"]["S"]: line for line in table.lines(export)}
    assert set(changes) == {"new", "updated", "deleted"}
    assert "OldImage" not in changes["new"]
    assert changes["updated"]["OldImage"]["v"] == {"S": "1"}
    assert changes["updated"]["NewImage"]["v"] == {"S": "3"}
    assert "NewImage" not in changes["deleted"]
    assert changes["deleted"]["OldImage"]["v"] == {"S": "1"}
    written = int(changes["new"]["Metadata"]["WriteTimestampMicros"]["N"]) / 1e6
    assert 5300 < time.time() - written < 5500


def test_an_incremental_export_has_its_own_manifest(workshop: Workshop, table: Table) -> None:
    changed_an_hour_and_a_half_ago(workshop.aws, table)
    asked = window()

    export = completed(workshop, table, **asked)

    summary = table.manifest(export)
    assert summary["exportType"] == "INCREMENTAL_EXPORT"
    assert summary["outputView"] == "NEW_AND_OLD_IMAGES"
    assert summary["exportFromTime"] < summary["exportToTime"]
    assert "exportTime" not in summary
    assert summary["itemCount"] == export["ItemCount"] == 3
    [first, *_] = table.read(summary["manifestFilesS3Key"]).splitlines()
    assert json.loads(first)["dataFileS3Key"].startswith("raw/x/AWSDynamoDB/data/")
    said = export["IncrementalExportSpecification"]
    assert (
        said["ExportFromTime"].timestamp()
        == (asked["IncrementalExportSpecification"]["ExportFromTime"])
    )


def test_new_images_can_be_had_alone(workshop: Workshop, table: Table) -> None:
    changed_an_hour_and_a_half_ago(workshop.aws, table)
    asked = window()
    asked["IncrementalExportSpecification"]["ExportViewType"] = "NEW_IMAGE"

    lines = table.lines(completed(workshop, table, **asked))

    assert not any("OldImage" in line for line in lines)
    assert sorted("NewImage" in line for line in lines) == [False, True, True]


@pytest.mark.parametrize(
    ("hours", "error"),
    [
        (0.2, "Difference between export period"),
        (24.1, "Difference between export period"),
        (48, "InvalidExportTimeException"),
    ],
)
def test_a_window_that_does_not_fit_is_refused(
    workshop: Workshop, table: Table, hours: float, error: str
) -> None:
    workshop.aws.age_backups(30 * 3600)

    with pytest.raises(ClientError, match=error):
        table.export(**window(hours))


@pytest.mark.parametrize("offset", [-3600, 3600])
def test_a_moment_outside_of_recovery_is_refused(table: Table, offset: int) -> None:
    with pytest.raises(ClientError, match="InvalidExportTimeException"):
        table.export(ExportTime=int(time.time()) + offset)


def test_a_table_without_recovery_is_not_exported(workshop: Workshop) -> None:
    table = Table(workshop, recovery=False)
    with pytest.raises(ClientError, match="PointInTimeRecoveryUnavailableException"):
        table.export()


def test_a_table_that_is_missing_is_not_exported(table: Table) -> None:
    with pytest.raises(ClientError, match="TableNotFoundException"):
        table.export(TableArn=arn("dynamodb", "table/nobodys"))


def test_a_request_with_the_same_token_is_the_same_export(table: Table) -> None:
    first = table.export(ClientToken="once")

    assert table.export(ClientToken="once")["ExportArn"] == first["ExportArn"]
    with pytest.raises(ClientError, match="ExportConflictException"):
        table.export(ClientToken="once", S3Prefix="elsewhere")
    assert table.export()["ExportArn"] != first["ExportArn"]  # several at a time are fine


def test_without_its_bucket_an_export_fails(workshop: Workshop) -> None:
    table = Table(workshop, bucket=unique("nobodys"))

    failed = table.describe(table.export())

    assert (failed["ExportStatus"], failed["FailureCode"]) == ("FAILED", "S3NoSuchBucket")


def test_an_export_whose_bucket_goes_fails(workshop: Workshop, table: Table) -> None:
    asked = table.export()
    for key in table.objects():
        table.s3.delete_object(Bucket=table.bucket, Key=key)
    table.s3.delete_bucket(Bucket=table.bucket)

    workshop.aws.complete_exports()

    assert table.describe(asked)["FailureCode"] == "S3NoSuchBucket"


def test_whoever_asks_for_an_export_needs_to_write_it(workshop: Workshop, table: Table) -> None:
    asking = allow("dynamodb:ExportTableToPointInTime", table.arn)
    role = workshop.role(asking)
    client = workshop.aws.client_as(role, "dynamodb")

    refused = table.describe(table.export(client))
    assert refused["FailureCode"] == "S3AccessDenied"
    assert "s3:PutObject" in refused["FailureMessage"]

    writing = ["s3:PutObject", "s3:PutObjectAcl", "s3:AbortMultipartUpload"]
    workshop.grant(role, asking, allow(writing, f"arn:aws:s3:::{table.bucket}/raw/*"))
    allowed = table.export(client)
    workshop.aws.complete_exports()
    assert table.describe(allowed)["ExportStatus"] == "COMPLETED"


def test_an_export_can_be_made_to_fail(workshop: Workshop, table: Table) -> None:
    asked = table.export()

    assert workshop.aws.fail_exports("UnknownError", "something broke") == 1

    failed = table.describe(asked)
    assert failed["ExportStatus"] == "FAILED"
    assert (failed["FailureCode"], failed["FailureMessage"]) == ("UnknownError", "something broke")


def test_who_completes_exports_waits_for_one_that_is_being_written() -> None:
    exports, writing, written = Exports(), threading.Event(), threading.Event()
    exports.seconds = 0

    def finish() -> None:
        writing.set()
        written.wait()

    exports.begin(Work(finish, fail=print))
    writing.wait()
    with ThreadPoolExecutor() as pool:
        completing = pool.submit(exports.complete)
        with pytest.raises(TimeoutError):
            completing.result(timeout=0.1)
        written.set()
    assert completing.result() == exports.count() == 0


def test_exports_are_listed_page_by_page(workshop: Workshop, table: Table) -> None:
    asked = [table.export()["ExportArn"] for _ in range(3)]
    workshop.aws.complete_exports()

    first = table.dynamodb.list_exports(TableArn=table.arn, MaxResults=2)
    second = table.dynamodb.list_exports(TableArn=table.arn, NextToken=first["NextToken"])

    listed = first["ExportSummaries"] + second["ExportSummaries"]
    assert [each["ExportArn"] for each in listed] == sorted(asked, reverse=True)
    assert {each["ExportStatus"] for each in listed} == {"COMPLETED"}
    assert "NextToken" not in second


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("table/orders/export/0169-a1", "ExportNotFoundException"),
        ("table/orders", "Invalid Export ARN"),
    ],
)
def test_an_export_that_is_not_there_is_said_to_be_missing(
    workshop: Workshop, name: str, error: str
) -> None:
    with pytest.raises(ClientError, match=error):
        workshop.aws.client("dynamodb").describe_export(ExportArn=arn("dynamodb", name))


def test_a_transaction_that_fails_leaves_no_history(workshop: Workshop, table: Table) -> None:
    table.put("there")
    workshop.aws.age_backups(3600)
    put = {"Put": {"TableName": table.name, "Item": {"id": {"S": "half"}}}}
    check = {
        "ConditionCheck": {
            "TableName": table.name,
            "Key": {"id": {"S": "there"}},
            "ConditionExpression": "attribute_not_exists(id)",
        }
    }
    with pytest.raises(ClientError, match="TransactionCanceledException"):
        table.dynamodb.transact_write_items(TransactItems=[put, check])

    past = int(time.time()) - 60
    assert ids(table.lines(completed(workshop, table, ExportTime=past))) == {"there"}
    assert ids(table.lines(completed(workshop, table))) == {"there"}


def test_the_latest_moment_of_recovery_moves_on(workshop: Workshop, table: Table) -> None:
    workshop.aws.age_backups(3600)

    described = table.dynamodb.describe_continuous_backups(TableName=table.name)

    recovery = described["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert 290 < time.time() - recovery["LatestRestorableDateTime"].timestamp() < 310
    assert 3590 < time.time() - recovery["EarliestRestorableDateTime"].timestamp() < 3700
