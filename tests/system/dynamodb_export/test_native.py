"""DynamoDB's own exports, from the request to the event that tells that all of it is there."""

from tests.system.dynamodb_export.system import (
    BATCH,
    FOLLOW_UP,
    NATIVE,
    STATE,
    DynamoDbExport,
    Told,
    today,
)
from tests.system.system import eventually

USERS, TASKS = "moderation-craft-users", "moderation-craft-tasks"
INCREMENTAL = {"tables": [USERS], "exportType": "INCREMENTAL_EXPORT"}


def statuses(system: DynamoDbExport) -> list[str]:
    """How far the newest export of each table came that has one."""
    known = [name for name in NATIVE if f"{STATE}native/{name}.json" in system.objects(STATE)]
    return [system.ledger(name)["exports"][-1]["status"] for name in known]


def of_kind(heard: list[Told], kind: str) -> dict[str, dict[str, object]]:
    return {told.detail["tableName"]: told.detail for told in heard if told.kind == kind}


def test_all_native_tables_are_exported_verified_and_announced(
    backed_up: DynamoDbExport,
) -> None:
    with backed_up.hearing() as heard:
        answer = backed_up.answer(BATCH)
        assert answer["message"] == "Batch export initiated"
        rows = {row["tableName"]: row for row in answer["results"]}
        assert {name: row["status"] for name, row in rows.items()} == dict.fromkeys(
            NATIVE, "INITIATED"
        )
        backed_up.aws.complete_exports()
        backed_up.answer(FOLLOW_UP)
    started, completed = (
        of_kind(heard, "TableExportStarted"),
        of_kind(heard, "TableExportCompleted"),
    )
    for name in NATIVE:
        assert started[name]["exportArn"] == rows[name]["exportArn"]
        assert completed[name]["exportArn"] == rows[name]["exportArn"]
        assert completed[name]["exportType"] == "FULL_EXPORT"
        assert completed[name]["itemCount"] == len(backed_up.table(name))
        assert backed_up.exported_by_aws(f"{today()}{name}/") == len(backed_up.table(name))


def test_the_schedules_start_and_follow_exports(backed_up: DynamoDbExport) -> None:
    backed_up.aws.fire_schedule(f"{BATCH}-schedule")
    eventually(lambda: statuses(backed_up) == ["STARTED"] * len(NATIVE), "they were started")
    backed_up.aws.complete_exports()
    backed_up.aws.fire_schedule(f"{FOLLOW_UP}-schedule")
    eventually(lambda: statuses(backed_up) == ["COMPLETED"] * len(NATIVE), "they were followed")


def test_an_export_that_runs_already_is_not_started_again(backed_up: DynamoDbExport) -> None:
    first = backed_up.answer(BATCH, {"tables": [USERS]})["results"]
    second = backed_up.answer(BATCH, {"tables": [USERS]})["results"]
    assert [row["exportArn"] for row in second] == [row["exportArn"] for row in first]
    assert second[0]["status"] == "INITIATED"
    assert len(backed_up.ledger(USERS)["exports"]) == 1


def test_a_table_without_backups_fails_alone(backed_up: DynamoDbExport) -> None:
    backed_up.end_backups(TASKS)
    before = backed_up.counted(BATCH, "TablesFailed")
    with backed_up.hearing() as heard:
        rows = {row["tableName"]: row for row in backed_up.answer(BATCH)["results"]}
    assert {name: row["status"] for name, row in rows.items()} == {
        **dict.fromkeys(NATIVE, "INITIATED"),
        TASKS: "FAILED",
    }
    assert "point-in-time recovery" in rows[TASKS]["error"]
    assert list(of_kind(heard, "TableExportFailed")) == [TASKS]
    assert backed_up.counted(BATCH, "TablesFailed") == before + 1


def test_a_batch_in_which_all_failed_fails(backed_up: DynamoDbExport) -> None:
    backed_up.end_backups(TASKS)
    answer = backed_up.invoke(BATCH, {"tables": [TASKS]})
    assert answer.failed
    assert TASKS in answer.message


def test_an_export_that_fails_in_aws_is_told_and_counted(backed_up: DynamoDbExport) -> None:
    before = backed_up.counted(FOLLOW_UP, "TablesFailed")
    backed_up.answer(BATCH, {"tables": [USERS]})
    with backed_up.hearing() as heard:
        backed_up.aws.fail_exports("S3NoSuchBucket", "The specified bucket does not exist")
        backed_up.answer(FOLLOW_UP)
    told = of_kind(heard, "TableExportFailed")[USERS]
    assert "S3NoSuchBucket" in str(told["reason"])
    assert backed_up.counted(FOLLOW_UP, "TablesFailed") == before + 1
    assert backed_up.ledger(USERS)["exports"][-1]["status"] == "FAILED"


def test_a_data_file_that_is_missing_fails_the_export(backed_up: DynamoDbExport) -> None:
    backed_up.answer(BATCH, {"tables": [USERS]})
    backed_up.aws.complete_exports()
    lost = next(key for key in backed_up.objects() if "/data/" in key)
    backed_up.client("s3").delete_object(Bucket="moderation-craft-data", Key=lost)
    with backed_up.hearing() as heard:
        backed_up.answer(FOLLOW_UP)
    assert lost.rpartition("/")[2] in str(of_kind(heard, "TableExportFailed")[USERS]["reason"])


def test_incremental_windows_follow_each_other_without_gap_or_overlap(
    backed_up: DynamoDbExport,
) -> None:
    (full,) = export_and_follow(backed_up)
    assert full["exportType"] == "FULL_EXPORT"
    windows = []
    for change in ("one", "two"):
        backed_up.client("dynamodb").put_item(
            TableName=USERS, Item={"id": {"S": f"{USERS}#000001"}, "state": {"S": change}}
        )
        backed_up.let_pass(2, USERS)
        windows += export_and_follow(backed_up)
    assert [each["exportType"] for each in windows] == ["INCREMENTAL_EXPORT"] * 2
    assert [each["itemCount"] for each in windows] == [1, 1]
    bounds = [
        (export["begin"], export["end"])
        for export in backed_up.ledger(USERS)["exports"]
        if export["begin"]
    ]
    assert bounds[0][1] == bounds[1][0]
    assert backed_up.ledger(USERS)["checkpoint"] == bounds[1][1]


def export_and_follow(system: DynamoDbExport) -> list[dict[str, object]]:
    """The completion events of what was due."""
    with system.hearing() as heard:
        system.answer(BATCH, INCREMENTAL)
        system.aws.complete_exports()
        system.answer(FOLLOW_UP)
    return [told.detail for told in heard if told.kind == "TableExportCompleted"]
