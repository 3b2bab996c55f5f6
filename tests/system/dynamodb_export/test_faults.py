"""Whatever goes wrong, a scan is in the bucket whole and once, or not at all, and it is told."""

import json

import pytest

from scripts.local_estate import app_tables
from scripts.local_estate.app_tables import ITEMS
from tests.system.dynamodb_export.system import (
    EXPORT,
    JOBS,
    STATE,
    DynamoDbExport,
    today,
)
from tests.system.dynamodb_export.test_scans import request
from tests.system.system import eventually

TASKS = "moderation-craft-tasks"


def assert_whole_and_alone(system: DynamoDbExport, table: str) -> None:
    """Nothing else is left but parts of an upload of which no run could take note: they go."""
    key = f"{today()}{table}.json"
    eventually(lambda: key in system.objects(), "the object is there")
    eventually(lambda: system.objects(STATE) == {}, "the run has cleaned up")
    assert list(system.objects()) == [key]
    assert system.scanned(key) == system.table(table)


@pytest.mark.parametrize(
    ("action", "nth", "moment"),
    [
        ("s3.UploadPart", 2, "after"),
        ("s3.PutObject", 1, "before"),
        ("s3.PutObject", 2, "after"),
        ("s3.CompleteMultipartUpload", 1, "before"),
        ("s3.CompleteMultipartUpload", 1, "after"),
        ("s3.CopyObject", 1, "after"),
        ("events.PutEvents", 1, "after"),
        ("s3.DeleteObject", 1, "after"),
    ],
)
def test_a_run_killed_between_two_calls_is_made_good_by_lambda_s_retry(
    system: DynamoDbExport, large: str, action: str, nth: int, moment: str
) -> None:
    with system.hearing() as heard:
        with system.killed_at(action, nth, moment):
            system.function(EXPORT).send(request(large))
        assert_whole_and_alone(system, large)
    completed = [told.detail for told in heard if told.kind == "TableExportCompleted"]
    assert completed, "it is announced"
    assert len({detail["runId"] for detail in completed}) == 1
    assert all(detail["itemCount"] == len(system.table(large)) for detail in completed)


def test_a_fifth_of_all_calls_throttled_slows_a_scan_and_changes_nothing(
    system: DynamoDbExport, large: str
) -> None:
    with (
        system.aws.faults(
            "dynamodb.*", code="ProvisionedThroughputExceededException", share=0.2, role=EXPORT
        ),
        system.aws.faults("s3.*", code="SlowDown", status=503, share=0.2, role=EXPORT),
        system.aws.faults("events.*", code="ThrottlingException", share=0.2, role=EXPORT),
    ):
        system.function(EXPORT).send(request(large))
        assert_whole_and_alone(system, large)


def test_errors_of_s3_change_nothing(system: DynamoDbExport, large: str) -> None:
    with system.aws.faults("s3.*", code="InternalError", status=500, share=0.3, role=EXPORT) as bad:
        system.function(EXPORT).send(request(large))
        assert_whole_and_alone(system, large)
        assert bad.answered


def test_a_table_deleted_during_its_scan_fails_it_as_404_and_leaves_nothing(
    system: DynamoDbExport,
) -> None:
    client = system.client("dynamodb")
    try:
        with system.hearing() as heard:
            system.aws.hold("dynamodb.Scan", 1)
            event = request(TASKS)
            system.function(EXPORT).send(event)
            eventually(system.aws.is_holding, "the scan has begun")
            client.delete_table(TableName=TASKS)
            system.aws.release()
            eventually(system.function(EXPORT).dead_letters, "Lambda has given it up")
    finally:
        app_tables.make(client, TASKS, ITEMS[TASKS])
    failed = [told.detail for told in heard if told.kind == "TableExportFailed"]
    assert "Resource not found." in failed[0]["reason"]
    assert failed[0]["tableName"] == TASKS
    (line,) = [
        each
        for each in system.function(EXPORT).log()
        if '"level":"ERROR"' in each and str(event["id"]) in each
    ][:1]
    entry = json.loads(line)
    assert entry["service"] == "DataPipeline"
    assert entry["functionName"] == EXPORT
    assert "Resource not found." in entry["error"]
    assert "Traceback" in entry["stack"]
    assert system.objects("") == {}


@pytest.mark.parametrize("job", JOBS)
def test_a_poison_event_is_given_up_after_two_retries(system: DynamoDbExport, job: str) -> None:
    before = system.metric("AWS/Lambda", "Errors", FunctionName=job)
    system.function(job).send([1, 2, 3])
    eventually(system.function(job).dead_letters, "the event is in the dead-letter queue")
    assert [letter["Body"] for letter in system.function(job).dead_letters()] == ["[1, 2, 3]"]
    assert system.metric("AWS/Lambda", "Errors", FunctionName=job) - before == 3
