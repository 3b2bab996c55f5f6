"""What is due is asked for once; one table's failure is told and doesn't stop the others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from batchworks.errors import JobError
from dynamodb_export import keys, settings
from dynamodb_export.native import batch
from dynamodb_export.native.ledger import Status
from dynamodb_export.native.starting import Row
from tests.unit.dynamodb_export.native.plant import FULL, INCREMENTAL, Plant

HOURS = timedelta(hours=1)


def test_a_full_export_is_asked_for_as_the_source_asks(plant: Plant) -> None:
    table = plant.old_table("a")
    (row,) = plant.export(table)
    assert row.answer() == {
        "tableName": table,
        "exportType": "FULL_EXPORT",
        "exportArn": row.arn,
        "status": "INITIATED",
    }
    described = plant.described(row)
    asked = {
        "S3Bucket": plant.bucket,
        "S3BucketOwner": "123456789012",
        "S3Prefix": f"{keys.EXPORTS}dt={plant.now:%Y-%m-%d}/{table}",
        "S3SseAlgorithm": "AES256",
        "ExportFormat": "DYNAMODB_JSON",
    }
    assert {name: described[name] for name in asked} == asked
    (event,) = plant.told("TableExportStarted")
    assert (event["tableName"], event["exportArn"]) == (table, row.arn)
    assert event["timestamp"] == plant.now.isoformat()


def test_environments_that_share_a_table_export_it_each_to_its_own_bucket(plant: Plant) -> None:
    table = plant.old_table("a")
    (row,) = plant.export(table, ago=HOURS)
    plant.bucket = f"{plant.bucket}-dev"
    plant.make_bucket()
    plant.run = replace(plant.run, bucket=plant.bucket)
    (other,) = plant.export(table, ago=HOURS)
    assert (plant.described(other)["S3Bucket"], other.error) == (plant.bucket, None)
    assert other.arn != row.arn


def test_a_day_s_second_run_starts_no_second_export(plant: Plant) -> None:
    table = plant.old_table("a")
    (row,) = plant.export(table)
    (again,) = plant.export(table)
    assert again.arn == row.arn
    assert plant.exports(table) == [row.arn]


def test_one_table_s_failure_doesn_t_stop_the_others(plant: Plant) -> None:
    good = plant.old_table("a")
    without = plant.table("tasks", recovery=False)
    rows = plant.export("gone", without, good)
    assert [row.failed for row in rows] == [True, True, False]
    assert "Resource not found." in str(rows[0].error)
    assert "point-in-time recovery of the table" in str(rows[1].error)
    assert rows[1].answer()["status"] == "FAILED"
    told = plant.told("TableExportFailed")
    assert [detail["tableName"] for detail in told] == ["gone", without]
    assert told[1]["reason"] == rows[1].error
    batch.require_any(rows)


def test_a_run_fails_when_all_failed() -> None:
    with pytest.raises(batch.AllFailedError, match="a: why; b: why"):
        batch.require_any([Row("a", FULL, error="why"), Row("b", FULL, error="why")])


def test_changes_are_exported_in_windows_from_the_full_export_on(plant: Plant) -> None:
    table = plant.old_table("a")
    (full,) = plant.export(table, how=INCREMENTAL, ago=50 * HOURS)
    assert full.type is FULL
    rows = plant.export(table, how=INCREMENTAL)
    specs = [plant.described(row)["IncrementalExportSpecification"] for row in rows]
    bounds = [(spec["ExportFromTime"], spec["ExportToTime"]) for spec in specs]
    assert [begin for begin, _ in bounds] == [plant.described(full)["ExportTime"]] + [
        end for _, end in bounds[:-1]
    ]
    assert [end - begin for begin, end in bounds[:2]] == [24 * HOURS] * 2
    assert len(bounds) == 3
    assert {spec["ExportViewType"] for spec in specs} == {"NEW_AND_OLD_IMAGES"}
    assert plant.export(table, how=INCREMENTAL)[0].arn == rows[-1].arn
    assert len(plant.exports(table)) == 4


def test_a_failed_window_is_asked_for_again(plant: Plant) -> None:
    table = plant.old_table("a")
    plant.export(table, how=INCREMENTAL, ago=50 * HOURS)
    (window,) = plant.export(table, how=INCREMENTAL, ago=26 * HOURS)
    plant.aws.fail_exports("S3AccessDenied", "no")
    plant.follow()
    again, *_ = plant.export(table, how=INCREMENTAL, ago=20 * HOURS)[1:]
    what = "IncrementalExportSpecification"
    assert plant.described(again)[what] == plant.described(window)[what]
    assert again.arn != window.arn


def test_a_broken_chain_is_told_and_begins_anew(plant: Plant) -> None:
    table = plant.old_table("a")
    key, chain = keys.native_ledger(table), f'"{plant.now - 100 * HOURS}"'.replace(" ", "T")
    known = f'{{"form": 1, "table": "{table}", "exports": [], "planned_to": {chain}, '
    plant.put_object(key, f'{known}"checkpoint": {chain}}}'.encode())
    rows = plant.export(table, how=INCREMENTAL)
    assert [row.failed for row in rows] == [True, False]
    assert "is broken" in str(rows[0].error)
    assert rows[1].type is FULL
    (event,) = plant.told("TableExportFailed")
    assert event["exportType"] == INCREMENTAL
    assert "is broken" in event["reason"]


def test_a_run_killed_at_any_call_is_healed_by_the_next(plant: Plant) -> None:
    for call in range(1, 40):
        table = plant.table(f"t{call}")
        plant.aws.age_backups(3 * 86400)
        killed = plant.killed(partial(plant.export, table, how=INCREMENTAL), call)
        (row,) = plant.export(table, how=INCREMENTAL)
        assert plant.exports(table) == [row.arn]
        assert row.arn in {detail["exportArn"] for detail in plant.told("TableExportStarted")}
        (export,) = plant.ledger(table).exports
        assert (export.status, export.arn) == (Status.STARTED, row.arn)
        if not killed:
            break
    assert call > 5


def test_an_answer_that_was_lost_is_found_when_the_token_is_no_good_any_more(
    plant: Plant,
) -> None:
    table = plant.old_table("a")
    plant.killed(lambda: plant.export(table, how=INCREMENTAL, ago=9 * HOURS), 6)
    assert plant.ledger(table).exports[0].status is Status.REQUESTED
    (lost,) = plant.exports(table)
    plant.calls.clear()
    row, *_ = plant.export(table, how=INCREMENTAL)
    assert row.arn == lost
    assert "ListExports" in plant.calls


def test_a_full_export_of_yesterday_that_never_began_is_given_up(plant: Plant) -> None:
    table = plant.old_table("a")
    plant.killed(lambda: plant.export(table, ago=30 * HOURS), 4)
    (row,) = plant.export(table)
    never, today = plant.ledger(table).exports
    assert (never.status, never.reason) == (Status.FAILED, "it was never begun")
    assert today.arn == row.arn
    assert plant.exports(table) == [row.arn]


def test_two_runs_at_once_start_one_export(plant: Plant) -> None:
    table = plant.old_table("a")

    def another(name: str) -> None:
        if name == "ExportTableToPointInTime":
            plant.on_call = lambda _name: None
            plant.export(table)

    plant.on_call = another
    (row,) = plant.export(table)
    assert plant.exports(table) == [row.arn]
    assert plant.ledger(table).exports[0].status is Status.STARTED


def test_a_ledger_written_meanwhile_is_not_overwritten(plant: Plant) -> None:
    table = plant.old_table("a")

    def another(name: str) -> None:
        if name == "PutObject":
            plant.on_call = lambda _name: None
            plant.export(table, how=INCREMENTAL)

    plant.on_call = another
    plant.export(table)
    kinds = [(export.type, export.chained) for export in plant.ledger(table).exports]
    assert sorted(kinds, key=str) == [(FULL, False), (FULL, True)]


def test_throttling_is_outlasted(plant: Plant) -> None:
    table = plant.old_table("a")
    with plant.aws.faults("dynamodb.*", "s3.*", code="ThrottlingException", share=0.2):
        (row,) = plant.export(table)
    assert not row.failed
    assert plant.exports(table) == [row.arn]


def test_a_refused_export_is_asked_for_by_the_next_run(plant: Plant) -> None:
    table = plant.old_table("a")
    with plant.aws.faults("dynamodb.ExportTableToPointInTime", code="ValidationException"):
        (row,) = plant.export(table)
    assert "AWS refused a call." in str(row.error)
    (row,) = plant.export(table)
    assert plant.exports(table) == [row.arn]


def test_a_garbled_ledger_fails_its_table_alone(plant: Plant) -> None:
    table, other = plant.table("users"), plant.table("tasks")
    plant.aws.age_backups(86400)
    plant.put_object(keys.native_ledger(table), b'{"form": 1}')
    rows = plant.export(table, other)
    assert [row.failed for row in rows] == [True, False]
    assert "is garbled" in str(rows[0].error)
    assert plant.exports(table) == []


def test_a_table_is_exportable_from_the_moment_that_recovery_is_on(plant: Plant) -> None:
    (early,) = plant.export(plant.table("early"), ago=HOURS)
    assert "export it again after that" in str(early.error)
    table = plant.table()
    plant.aws.age_backups(60)  # AWS says that the latest moment is five minutes ago
    (row,) = plant.export(table)
    assert not row.failed


GIVEN = settings.load(
    {
        "BUCKET_NAME": "b",
        "AWS_ACCOUNT_ID": "123456789012",
        "TABLE_NAME": "prod",
        "TABLES": '{"prod": {"mode": "scan"}, "users": {"mode": "native"}, '
        '"tasks": {"mode": "incremental"}, "test": {"mode": "request"}}',
    }
)


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({}, [("tasks", INCREMENTAL), ("users", FULL)]),
        ({"exportType": "FULL_EXPORT"}, [("tasks", FULL), ("users", FULL)]),
        ({"tables": ["test", "prod", "test"]}, [("test", FULL), ("prod", FULL)]),
        ({"tables": ["users"], "exportType": "INCREMENTAL_EXPORT"}, [("users", INCREMENTAL)]),
    ],
)
def test_a_request_names_tables_and_type(request_: dict[str, object], expected: object) -> None:
    assert batch.wanted(GIVEN, request_) == expected


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        ({"tables": ["other"]}, "not configured for export: ask for one of prod, tasks"),
        ({"tables": "users"}, "give a list of names"),
        ({"tables": []}, "give a list of names"),
        ({"exportType": "ALL"}, "give one of FULL_EXPORT, INCREMENTAL_EXPORT"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    request_: dict[str, object], message: str
) -> None:
    with pytest.raises(JobError, match=message):
        batch.wanted(GIVEN, request_)
