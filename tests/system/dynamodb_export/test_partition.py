"""What is complete goes to the partition of its day, once, whatever happens on the way."""

import json

import pytest

from tests.system.dynamodb_export.system import (
    BATCH,
    BUCKET,
    EXPORT,
    FOLLOW_UP,
    PARTITION,
    DynamoDbExport,
    partition,
    today,
)
from tests.system.system import eventually

USERS, TASKS = "moderation-craft-users", "moderation-craft-tasks"


def exported(system: DynamoDbExport) -> dict[str, tuple[str, int]]:
    """A scan's object and a verified native export, which wait to be partitioned."""
    system.answer(BATCH, {"tables": [USERS]})
    system.aws.complete_exports()
    system.answer(FOLLOW_UP)
    system.answer(EXPORT, {"tableName": TASKS})
    return system.objects()


def moved(before: dict[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    """Where all of it belongs."""
    return {
        key.replace(today() + TASKS, partition(TASKS) + TASKS).replace(
            f"{today()}{USERS}/", partition(USERS)
        ): what
        for key, what in before.items()
    }


def test_complete_exports_are_moved_and_a_second_run_has_nothing_to_do(
    backed_up: DynamoDbExport,
) -> None:
    before = exported(backed_up)
    answer = backed_up.answer(PARTITION)
    assert answer["message"] == "Partitioning completed"
    assert answer["processedCount"] == len(before)
    assert backed_up.objects() == moved(before)
    assert backed_up.answer(PARTITION)["processedCount"] == 0
    assert backed_up.objects() == moved(before)


def test_the_daily_schedule_moves_what_no_event_reached(backed_up: DynamoDbExport) -> None:
    before = exported(backed_up)
    backed_up.aws.fire_schedule(f"{PARTITION}-schedule")
    eventually(lambda: backed_up.objects() == moved(before), "all is in its partition")


def test_a_native_export_waits_until_it_was_verified(backed_up: DynamoDbExport) -> None:
    backed_up.answer(BATCH, {"tables": [USERS]})
    backed_up.aws.complete_exports()
    before = backed_up.objects()
    answer = backed_up.answer(PARTITION)
    assert answer["processedCount"] == 0
    assert answer["waiting"] == 1
    assert backed_up.objects() == before


def test_a_dry_run_changes_nothing(backed_up: DynamoDbExport) -> None:
    before = exported(backed_up)
    backed_up.answer(PARTITION, {"dryRun": True})
    assert backed_up.objects() == before


@pytest.mark.parametrize(
    ("action", "nth", "moment"),
    [
        ("s3.CopyObject", 1, "after"),
        ("s3.CopyObject", 4, "before"),
        ("s3.DeleteObject", 1, "before"),
        ("s3.DeleteObject", 2, "after"),
    ],
)
def test_a_run_killed_between_copy_and_delete_is_made_good_by_the_next(
    backed_up: DynamoDbExport, action: str, nth: int, moment: str
) -> None:
    before = exported(backed_up)
    with backed_up.killed_at(action, nth, moment):
        backed_up.function(PARTITION).send({})
    eventually(lambda: backed_up.objects() == moved(before), "Lambda's retry has moved the rest")


def test_errors_of_s3_lose_nothing(backed_up: DynamoDbExport) -> None:
    before = exported(backed_up)
    with backed_up.aws.faults("s3.*", code="InternalError", status=500, share=0.3, role=PARTITION):
        backed_up.function(PARTITION).send({})
        eventually(lambda: backed_up.objects() == moved(before), "all is in its partition")


def test_an_object_of_parts_is_copied_in_parts_and_a_failed_copy_is_given_up(
    system: DynamoDbExport,
) -> None:
    upload_in_parts(system, f"{today()}{TASKS}.json")
    before = system.objects()
    with system.aws.faults("s3.UploadPartCopy", code="AccessDenied", status=403, role=PARTITION):
        answer = system.invoke(PARTITION)
    assert answer.failed
    assert system.objects() == before
    assert system.unfinished() == []
    assert system.answer(PARTITION)["processedCount"] == 1
    assert system.objects() == moved(before)


def upload_in_parts(system: DynamoDbExport, key: str) -> None:
    s3, size = system.client("s3"), 5 * 1024 * 1024
    where = {"Bucket": BUCKET, "Key": key}
    upload = s3.create_multipart_upload(**where)["UploadId"]
    parts = [
        {
            "PartNumber": number,
            "ETag": s3.upload_part(
                **where, UploadId=upload, PartNumber=number, Body=json.dumps("x" * size)
            )["ETag"],
        }
        for number in (1, 2)
    ]
    s3.complete_multipart_upload(**where, UploadId=upload, MultipartUpload={"Parts": parts})
