"""Each role may do what its runs need and nothing else; a permission that is missing is missed."""

import pytest

from tests.system.dynamodb_export.system import (
    BATCH,
    BUCKET,
    EXPORT,
    FOLLOW_UP,
    JOBS,
    PARTITION,
    DynamoDbExport,
    today,
)
from tests.system.dynamodb_export.test_partition import exported, moved, upload_in_parts
from tests.system.dynamodb_export.test_scans import request
from tests.system.role import Role
from tests.system.system import eventually

USERS = "moderation-craft-users"


def test_every_permission_is_used(backed_up: DynamoDbExport, large: str) -> None:
    exported(backed_up)
    asked = request(large)
    backed_up.function(EXPORT).send(asked)
    assert backed_up.follow(EXPORT, str(asked["id"])).fields["outcome"] == "complete"
    look_for_an_export_of_yesterday(backed_up)
    backed_up.answer(PARTITION)
    give_up_a_copy(backed_up)
    for job in JOBS:
        backed_up.function(job).send("poison")
    for job in JOBS:
        eventually(backed_up.function(job).dead_letters, f"{job} has given the poison up")
    for job in JOBS:
        role = Role(backed_up.aws, job)
        assert role.granted() <= role.used(), job


def look_for_an_export_of_yesterday(system: DynamoDbExport) -> None:
    """A run that died with its question asked is followed by another only the next day.

    That one looks through the exports of the table; the first of a chain is asked for although the
    day has one already.
    """
    asked = {"tables": [USERS], "exportType": "INCREMENTAL_EXPORT"}
    with system.aws.faults("dynamodb.ExportTableToPointInTime", code="InternalError", status=500):
        system.invoke(BATCH, asked)
    system.let_pass(9, USERS)
    system.invoke(BATCH, asked)


def give_up_a_copy(system: DynamoDbExport) -> None:
    upload_in_parts(system, f"{today()}{USERS}.json")
    with system.aws.faults("s3.UploadPartCopy", code="AccessDenied", status=403, role=PARTITION):
        assert system.invoke(PARTITION).failed


def test_every_call_of_the_runs_was_allowed(backed_up: DynamoDbExport, large: str) -> None:
    before = {record for record in backed_up.aws.iam_records() if not record.allowed}
    exported(backed_up)
    backed_up.answer(EXPORT, {"tableName": large})
    backed_up.answer(PARTITION)
    assert {record for record in backed_up.aws.iam_records() if not record.allowed} == before


@pytest.mark.parametrize(
    ("job", "action"),
    [
        (EXPORT, "dynamodb:Scan"),
        (EXPORT, "dynamodb:DescribeTable"),
        (EXPORT, "s3:PutObject"),
        (EXPORT, "s3:ListBucket"),
        (EXPORT, "events:PutEvents"),
        (BATCH, "dynamodb:ExportTableToPointInTime"),
        (BATCH, "dynamodb:DescribeContinuousBackups"),
        (BATCH, "events:PutEvents"),
        (FOLLOW_UP, "s3:ListBucket"),
        (PARTITION, "s3:ListBucket"),
    ],
)
def test_without_a_permission_the_run_fails_and_names_it(
    backed_up: DynamoDbExport, job: str, action: str
) -> None:
    event = {"tableName": USERS} if job == EXPORT else {"tables": [USERS]} if job == BATCH else {}
    with Role(backed_up.aws, job).without(action):
        answer = backed_up.invoke(job, event)
    assert answer.failed
    assert action in answer.message


@pytest.mark.parametrize("action", ["s3:PutObject", "s3:DeleteObject"])
def test_a_partitioner_that_may_not_move_loses_nothing(
    backed_up: DynamoDbExport, action: str
) -> None:
    before = exported(backed_up)
    with Role(backed_up.aws, PARTITION).without(action):
        answer = backed_up.invoke(PARTITION)
    assert answer.failed
    assert action in answer.message
    assert set(before) <= set(backed_up.objects())
    backed_up.answer(PARTITION)
    eventually(lambda: backed_up.objects() == moved(before), "all of it is where it belongs")


def test_an_export_without_the_right_to_write_fails_and_is_told(backed_up: DynamoDbExport) -> None:
    with Role(backed_up.aws, BATCH).without("s3:PutObjectAcl"):
        backed_up.answer(BATCH, {"tables": [USERS]})
    backed_up.answer(FOLLOW_UP)
    failed = backed_up.ledger(USERS)["exports"][-1]
    assert failed["status"] == "FAILED"
    assert "s3:PutObjectAcl" in failed["reason"]


def test_no_role_reaches_what_is_not_its_own(system: DynamoDbExport) -> None:
    for job in JOBS:
        s3 = system.aws.client_as(job, "s3")
        with pytest.raises(s3.exceptions.ClientError, match="AccessDenied"):
            s3.put_object(Bucket=BUCKET, Key="raw/internal/others.json", Body=b"")
        streams = system.aws.client_as(job, "dynamodb")
        with pytest.raises(streams.exceptions.ClientError, match="AccessDenied"):
            streams.delete_table(TableName=USERS)
