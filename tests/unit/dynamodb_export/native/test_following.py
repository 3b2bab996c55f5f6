"""An export counts once every file was looked at; everybody is told how each ended."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from dynamodb_export import keys
from dynamodb_export.native.ledger import Status
from tests.unit.dynamodb_export.native.plant import FULL, INCREMENTAL, Plant

HOURS = timedelta(hours=1)


def test_an_export_that_is_under_way_is_open(plant: Plant) -> None:
    table = plant.old_table("a")
    plant.export(table)
    assert plant.follow() == {"Open": 1}
    assert plant.ledger(table).exports[0].status is Status.STARTED


def test_a_complete_export_is_verified_and_announced(plant: Plant) -> None:
    table = plant.old_table("a", "b", "c")
    (row,) = plant.export(table)
    plant.aws.complete_exports()
    assert plant.follow() == {"Completed": 1}
    (event,) = plant.told("TableExportCompleted")
    folder = f"{keys.EXPORTS}dt={plant.now:%Y-%m-%d}/{table}/AWSDynamoDB/{row.arn}".replace(
        str(row.arn), str(row.arn).rpartition("/")[2]
    )
    assert event == {
        "tableName": table,
        "exportArn": row.arn,
        "exportType": FULL,
        "itemCount": 3,
        "environment": "local",
        "s3Location": f"s3://{plant.bucket}/{folder}/",
        "date": f"{plant.now:%Y-%m-%d}",
        "timestamp": plant.now.isoformat(),
    }
    assert plant.ledger(table).exports[0].status is Status.COMPLETED
    assert plant.follow() == {}


def test_the_checkpoint_advances_as_far_as_all_is_verified(plant: Plant) -> None:
    table = plant.old_table("a")
    plant.export(table, how=INCREMENTAL, ago=50 * HOURS)
    plant.export(table, how=INCREMENTAL, ago=26 * HOURS)
    assert plant.ledger(table).checkpoint is None
    plant.aws.complete_exports()
    plant.follow()
    ledger = plant.ledger(table)
    assert ledger.checkpoint == ledger.planned_to == plant.now - 26 * HOURS
    plant.export(table, how=INCREMENTAL, ago=2 * HOURS)
    plant.aws.fail_exports("x", "y")
    plant.follow()
    assert plant.ledger(table).checkpoint == ledger.checkpoint


def test_a_failure_of_aws_is_told(plant: Plant) -> None:
    table = plant.old_table("a")
    (row,) = plant.export(table)
    plant.aws.fail_exports("S3NoSuchBucket", "The specified bucket does not exist")
    assert plant.follow() == {"Failed": 1}
    (event,) = plant.told("TableExportFailed")
    assert event["exportArn"] == row.arn
    assert "S3NoSuchBucket: The specified bucket does not exist" in event["reason"]
    assert plant.ledger(table).exports[0].reason == event["reason"]
    (again,) = plant.export(table)
    assert again.arn != row.arn


def test_an_export_that_aws_doesn_t_know_failed(plant: Plant) -> None:
    table = plant.old_table("a")
    plant.export(table)
    with plant.aws.faults("dynamodb.DescribeExport", code="ExportNotFoundException"):
        assert plant.follow() == {"Failed": 1}


def lose_data(plant: Plant, _folder: str) -> None:
    key = next(name for name in plant.names() if "/data/" in name)
    plant.s3.delete_object(Bucket=plant.bucket, Key=key)


def change_data(plant: Plant, _folder: str) -> None:
    plant.put_object(next(name for name in plant.names() if "/data/" in name), b"other")


def change_manifest(plant: Plant, folder: str) -> None:
    plant.put_object(f"{folder}manifest-files.json", b"")


def lose_manifest(plant: Plant, folder: str) -> None:
    plant.s3.delete_object(Bucket=plant.bucket, Key=f"{folder}manifest-files.json")


def lose_summary(plant: Plant, folder: str) -> None:
    plant.s3.delete_object(Bucket=plant.bucket, Key=f"{folder}manifest-summary.json")


def summary(plant: Plant, folder: str, **said: object) -> None:
    key = f"{folder}manifest-summary.json"
    plant.s3.delete_object(Bucket=plant.bucket, Key=f"{folder}manifest-summary.md5")
    plant.put_object(key, json.dumps({**json.loads(plant.content(key)), **said}).encode())


def count_otherwise(plant: Plant, folder: str) -> None:
    summary(plant, folder, itemCount=7)


def name_another(plant: Plant, folder: str) -> None:
    summary(plant, folder, exportArn="arn:aws:dynamodb:x:1:table/t/export/other")


def garble_summary(plant: Plant, folder: str) -> None:
    plant.s3.delete_object(Bucket=plant.bucket, Key=f"{folder}manifest-summary.md5")
    plant.put_object(f"{folder}manifest-summary.json", b"[")


def garble_files(plant: Plant, folder: str) -> None:
    plant.s3.delete_object(Bucket=plant.bucket, Key=f"{folder}manifest-files.md5")
    plant.put_object(f"{folder}manifest-files.json", b'{"itemCount": 1}\n')


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lose_data, "1 data files of the export"),
        (change_data, "1 data files of the export"),
        (change_manifest, "isn't what its checksum says"),
        (lose_manifest, "manifest-files.json isn't there"),
        (lose_summary, "manifest-summary.json isn't there"),
        (count_otherwise, "7 in its summary"),
        (name_another, "is about another export"),
        (garble_summary, "manifest-summary.json is garbled"),
        (garble_files, "manifest-files.json is garbled"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_an_export_that_is_not_whole_failed(plant: Plant, damage: object, reason: str) -> None:
    assert callable(damage)
    table = plant.old_table("a")
    (row,) = plant.export(table)
    plant.aws.complete_exports()
    id_ = str(row.arn).rpartition("/")[2]
    damage(plant, f"{keys.native_prefix(table, plant.now.date())}/AWSDynamoDB/{id_}/")
    assert plant.follow() == {"Failed": 1}
    assert reason in plant.told("TableExportFailed")[0]["reason"]
    assert plant.told("TableExportCompleted") == []


def test_a_follow_up_killed_at_any_call_loses_no_announcement(plant: Plant) -> None:
    for call in range(1, 60):
        table = plant.table(f"t{call}")
        plant.aws.age_backups(86400)
        (row,) = plant.export(table)
        plant.aws.complete_exports()
        killed = plant.killed(plant.follow, call)
        plant.follow()
        told = [d["exportArn"] for d in plant.told("TableExportCompleted")]
        assert 1 <= told.count(row.arn) <= 2
        assert plant.ledger(table).exports[0].status is Status.COMPLETED
        plant.s3.delete_object(Bucket=plant.bucket, Key=keys.native_ledger(table))
        if not killed:
            break
    assert call > 8


def test_an_export_is_verified_before_anybody_hears_of_it(plant: Plant) -> None:
    table = plant.old_table("a")
    plant.export(table)
    plant.aws.complete_exports()
    seen = []
    plant.on_call = lambda name: (
        seen.append(plant.ledger(table).exports[0].status) if name == "PutEvents" else None
    )
    plant.follow()
    assert seen == [Status.VERIFIED]


def test_a_garbled_ledger_doesn_t_stop_the_others(plant: Plant) -> None:
    table = plant.old_table("a")
    plant.export(table)
    plant.aws.complete_exports()
    plant.put_object(keys.native_ledger("aaa"), b"no")
    plant.put_object(keys.native_ledger("zzz"), b'{"form": 2, "table": "zzz"}')
    assert plant.follow() == {"Completed": 1, "Trouble": 2}


def test_what_can_t_be_found_out_is_looked_at_again(plant: Plant) -> None:
    table = plant.old_table("a")
    plant.export(table)
    plant.aws.complete_exports()
    with plant.aws.faults("s3.ListObjectsV2", code="AccessDenied", status=403, nth=2):
        assert plant.follow() == {"Trouble": 1}
    assert plant.ledger(table).exports[0].status is Status.STARTED
    assert plant.follow() == {"Completed": 1}


def test_throttling_and_errors_of_s3_are_outlasted(plant: Plant) -> None:
    table = plant.old_table("a")
    plant.export(table)
    plant.aws.complete_exports()
    with (
        plant.aws.faults("dynamodb.*", code="ThrottlingException", share=0.2),
        plant.aws.faults("s3.*", code="InternalError", status=500, share=0.2),
    ):
        assert plant.follow() == {"Completed": 1}


def test_an_export_that_takes_long_is_overdue(
    plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    table = plant.old_table("a")
    plant.export(table, ago=13 * HOURS)
    assert plant.follow() == {"Open": 1, "Overdue": 1}
    assert "longer than" in caplog.text
