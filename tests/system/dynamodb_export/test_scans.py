"""What a scan leaves in the bucket, whatever starts it, and in however many runs."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from scripts.local_estate.app_tables import DIGITS, ITEMS, MAIN
from tests.system.dynamodb_export.system import (
    BUCKET,
    COMPLETED,
    EXPORT,
    SOURCE,
    STATE,
    DynamoDbExport,
    partition,
    today,
)
from tests.system.system import eventually

OBJECT = f"{MAIN}.json"
TIMEOUT = 10
NEARLY_UP = TIMEOUT * 3 / 4 + 0.2
"""Seconds after which a run hands over: with a short time limit it keeps a quarter of it."""


def test_a_manual_event_exports_the_default_table_item_for_item(system: DynamoDbExport) -> None:
    with system.hearing() as heard:
        event_id = system.put_event({"job": EXPORT, "environment": "local"})
        last = system.follow(EXPORT, event_id)
    key = today() + OBJECT
    assert last.fields["outcome"] == "complete"
    assert last.fields["s3Location"] == f"s3://{BUCKET}/{key}"
    assert list(system.objects()) == [key]
    exported = system.scanned(key)
    assert exported == system.table(MAIN)
    assert exported[f"{MAIN}#000000"]["わけあり"] == Decimal(DIGITS)
    assert f'"わけあり":{DIGITS},' in system.content(key).decode()
    (told,) = heard
    assert told.kind == "TableExportCompleted"
    assert told.detail["tableName"] == MAIN
    assert told.detail["exportType"] == "SCAN"
    assert told.detail["itemCount"] == ITEMS[MAIN]


def test_the_object_tells_what_it_is_and_nothing_else_is_left(system: DynamoDbExport) -> None:
    answer = system.answer(EXPORT, {"tableName": "moderation-craft-users"})
    key = f"{today()}moderation-craft-users.json"
    assert answer["message"] == "Export completed successfully"
    assert answer["itemCount"] == 250
    assert answer["s3Location"] == f"s3://{BUCKET}/{key}"
    head = system.client("s3").head_object(Bucket=BUCKET, Key=key)
    assert head["ContentType"] == "application/json"
    assert head["ServerSideEncryption"] == "AES256"
    assert head["Metadata"]["item-count"] == "250"
    assert head["Metadata"]["table"] == "moderation-craft-users"
    assert system.content(key).count(b"\n{") == 250, "one item a line"
    assert system.objects(STATE) == {}


def test_the_schedule_starts_a_run_for_each_table_that_is_scanned(system: DynamoDbExport) -> None:
    with system.hearing() as heard:
        system.aws.fire_schedule(f"{EXPORT}-schedule")
        eventually(lambda: list(system.objects()) == [today() + OBJECT], "the object is there")
        eventually(lambda: system.objects(STATE) == {}, "the run has ended")
    assert [told.kind for told in heard] == ["TableExportRequested", "TableExportCompleted"]


def test_a_complete_export_goes_to_its_partition_by_itself(system: DynamoDbExport) -> None:
    system.client("events").enable_rule(Name=COMPLETED)
    system.answer(EXPORT, {"tableName": "moderation-craft-users"})
    name = "moderation-craft-users"
    wanted = [f"{partition(name)}{name}.json"]
    eventually(lambda: list(system.objects()) == wanted, "the object is in its partition")


@pytest.mark.parametrize(
    ("detail", "changes"),
    [
        ({"tableName": MAIN, "environment": "dev"}, {}),
        ({"tableName": MAIN, "environment": "local"}, {"Source": "somebody-else"}),
        ({"tableName": MAIN, "environment": "local"}, {"DetailType": "TableExportStarted"}),
    ],
)
def test_events_for_others_start_nothing(
    system: DynamoDbExport, detail: dict[str, str], changes: dict[str, str]
) -> None:
    asked = {"Source": SOURCE, "DetailType": "TableExportRequested", **changes}
    before = system.metric("AWS/Lambda", "Invocations", FunctionName=EXPORT)
    system.put_event(detail, **asked)
    own = system.put_event(
        {"tableName": "moderation-craft-users", "environment": "local"},
        Source=SOURCE,
        DetailType="TableExportRequested",
    )
    assert system.follow(EXPORT, own).fields["outcome"] == "complete"
    assert system.metric("AWS/Lambda", "Invocations", FunctionName=EXPORT) == before + 1


def test_a_table_that_is_not_configured_is_refused_with_those_that_are(
    system: DynamoDbExport,
) -> None:
    answer = system.invoke(EXPORT, {"tableName": "orders"})
    assert answer.failed
    assert all(table in answer.message for table in ("orders", *ITEMS))
    assert system.objects("") == {}


def test_a_table_too_large_for_one_run_is_exported_by_several(
    system: DynamoDbExport, large: str
) -> None:
    with time_limit(system), system.hearing() as heard:
        event = request(large)
        system.aws.hold("dynamodb.Scan", 5)
        system.function(EXPORT).send(event)
        eventually(system.aws.is_holding, "the run has come to a page in the middle")
        eventually(lambda: age_of_run(system, event) > NEARLY_UP, "the run's time is nearly up")
        system.aws.release()
        key = f"{today()}{large}.json"
        eventually(lambda: key in system.objects(), "the object is there")
        eventually(lambda: system.objects(STATE) == {}, "the last run has ended")
    kinds = [told.kind for told in heard]
    assert kinds.count("TableExportContinued") >= 1
    assert kinds[-1] == "TableExportCompleted"
    assert kinds.count("TableExportCompleted") == 1
    assert system.scanned(key) == system.table(large)
    assert system.unfinished() == []


def age_of_run(system: DynamoDbExport, event: dict[str, object]) -> float:
    """Seconds since a run wrote its first line; 0 until that is to be read."""
    own = [line for line in system.function(EXPORT).log() if str(event["id"]) in line]
    if not own:
        return 0.0
    began = json.loads(own[0])["timestamp"]
    return (datetime.now(UTC) - datetime.fromisoformat(began)).total_seconds()


def request(table: str) -> dict[str, object]:
    return {
        "id": f"request-{time.time_ns()}",
        "source": SOURCE,
        "detail-type": "TableExportRequested",
        "detail": {"tableName": table, "environment": "local"},
    }


@contextmanager
def time_limit(system: DynamoDbExport) -> Iterator[None]:
    """A shorter time limit of the function, as an operator would set it."""
    client = system.client("lambda")
    before = client.get_alias(FunctionName=EXPORT, Name="live")["FunctionVersion"]
    client.update_function_configuration(FunctionName=EXPORT, Timeout=TIMEOUT)
    version = client.publish_version(FunctionName=EXPORT)["Version"]
    client.update_alias(FunctionName=EXPORT, Name="live", FunctionVersion=version)
    try:
        yield
    finally:
        client.update_alias(FunctionName=EXPORT, Name="live", FunctionVersion=before)
        client.delete_function(FunctionName=EXPORT, Qualifier=version)
        client.update_function_configuration(FunctionName=EXPORT, Timeout=900)
