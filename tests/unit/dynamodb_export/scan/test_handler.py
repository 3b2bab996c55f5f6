"""export-dynamodb: what starts it, what it answers, what it logs."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from batchworks.errors import JobError
from dynamodb_export import handlers
from dynamodb_export.errors import NotFoundError
from dynamodb_export.scan import export
from tests.unit.dynamodb_export.scan.world import ACCOUNT, BUCKET, TABLE, World
from tests.unit.lambda_context import Context

EVENT = {"id": "e-1", "source": "moderation-craft.data-pipeline", "detail-type": "x"}
SCHEDULED = {"id": "e-1", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}


@pytest.fixture
def run(aws: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict[str, Any]]:
    """Invokes the function; gives the answer with its body read."""
    tables = {TABLE: {"mode": "scan"}, "other-scan": {"mode": "scan"}, "own": {"mode": "native"}}
    variables = {
        "ENVIRONMENT": "local",
        "BUCKET_NAME": BUCKET,
        "AWS_ACCOUNT_ID": ACCOUNT,
        "TABLES": json.dumps(tables),
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(export, "connect", lambda _: aws.clients)
    monkeypatch.setattr("dynamodb_export.clients.events", lambda: aws.clients.events)

    def invoke(event: object, milliseconds: int = 900_000) -> dict[str, Any]:
        context: Any = Context(function_name="export-dynamodb", milliseconds=milliseconds)
        answer = handlers.export_table(event, context)
        return {**answer, "body": json.loads(answer["body"])}

    return invoke


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[dict[str, Any]]]:
    """What the function logs from now on."""
    stream = io.StringIO()
    monkeypatch.setattr(handlers.logger.handlers[0], "stream", stream)

    def lines() -> list[dict[str, Any]]:
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    return lines


def test_a_caller_gets_the_answer_of_the_contract(
    aws: World, run: Callable[..., dict[str, Any]]
) -> None:
    aws.fill(3)
    answer = run({"tableName": TABLE})
    assert answer["statusCode"] == 200
    assert answer["body"]["message"] == "Export completed successfully"
    assert answer["body"]["itemCount"] == 3
    assert answer["body"]["s3Location"].startswith(
        f"s3://{BUCKET}/raw/internal/dynamodb-exports/dt="
    )
    assert answer["body"]["s3Location"].endswith(f"/{TABLE}.json")


def test_who_names_no_table_means_the_default(
    aws: World, run: Callable[..., dict[str, Any]]
) -> None:
    assert run({})["body"]["tableName"] == TABLE
    manual = {"id": "e-2", "detail-type": "manual-trigger", "detail": {"job": "export-dynamodb"}}
    assert run(manual)["body"]["tableName"] == TABLE
    assert aws.kinds() == ["TableExportCompleted"] * 2


def test_a_schedule_asks_for_a_run_of_each_table_that_is_scanned(
    aws: World, run: Callable[..., dict[str, Any]]
) -> None:
    body = run(SCHEDULED)["body"]
    assert body == {"message": "Exports requested", "tables": [TABLE, "other-scan"]}
    assert aws.kinds() == ["TableExportRequested"] * 2
    details = [detail for _, detail in aws.published]
    assert [detail["tableName"] for detail in details] == [TABLE, "other-scan"]
    assert {(detail["runId"], detail["environment"]) for detail in details} == {("e-1", "local")}


def test_a_run_that_was_asked_for_keeps_its_id_and_day(
    aws: World, run: Callable[..., dict[str, Any]]
) -> None:
    detail = {"tableName": TABLE, "runId": "day-1", "date": "2026-07-15", "environment": "local"}
    body = run({**EVENT, "detail": detail})["body"]
    assert body["s3Location"].endswith(f"dt=2026-07-15/{TABLE}.json")
    assert aws.published[-1][1]["runId"] == "day-1"


def test_a_repeated_event_goes_on_where_the_first_run_stopped(
    aws: World, run: Callable[..., dict[str, Any]]
) -> None:
    aws.fill(20)
    aws.begin("e-1")
    event = {**EVENT, "detail": {"tableName": TABLE}}
    assert run(event)["body"]["itemCount"] == 20
    assert aws.items()[0]["exported_at"] == "2026-07-15T00:00:00.000Z"


def test_a_continuation_without_a_state_has_nothing_to_do(
    aws: World, run: Callable[..., dict[str, Any]]
) -> None:
    aws.fill(1)
    body = run({**EVENT, "detail": {"tableName": TABLE, "continuation": "r-1"}})["body"]
    assert body["message"] == "Nothing to continue: the export has ended"
    assert aws.stored() == []


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"tableName": "secrets"}, "'secrets' is not configured .* other-scan, own"),
        ({"tableName": [TABLE]}, "is not configured .* other-scan, own"),
        ({"tableName": TABLE, "runId": "a/b"}, "run id is 'a/b'"),
        ({"tableName": TABLE, "runId": 5}, "run id is 5"),
        ({"tableName": TABLE, "date": "yesterday"}, "give it as YYYY-MM-DD"),
    ],
)
def test_what_is_not_understood_is_refused(
    run: Callable[..., dict[str, Any]], request_: Mapping[str, Any], said: str
) -> None:
    with pytest.raises(JobError, match=said):
        run(request_)


def test_an_event_of_another_environment_is_refused(run: Callable[..., dict[str, Any]]) -> None:
    with pytest.raises(JobError, match="meant for the environment 'prd'"):
        run({**EVENT, "detail": {"environment": "prd"}})


def test_every_line_names_the_event_and_the_last_the_outcome(
    run: Callable[..., dict[str, Any]], log: Callable[[], list[dict[str, Any]]]
) -> None:
    run({**EVENT, "detail": {"tableName": TABLE}})
    lines = [line for line in log() if "level" in line]
    assert {line["event_id"] for line in lines} == {"e-1"}
    last = lines[-1]
    assert (last["message"], last["outcome"]) == ("Export completed successfully", "complete")
    assert (last["service"], last["level"], last["itemCount"]) == ("DataPipeline", "INFO", 0)
    assert last["timestamp"]


def test_a_failed_run_fails_and_logs_what_callers_look_for(
    aws: World,
    run: Callable[..., dict[str, Any]],
    log: Callable[[], list[dict[str, Any]]],
) -> None:
    aws.dynamodb.delete_table(TableName=TABLE)
    with pytest.raises(NotFoundError):
        run({"tableName": TABLE})
    last = log()[-1]
    assert last["level"] == "ERROR"
    assert last["outcome"] == "failed"
    assert last["error"].startswith("Resource not found.")
    assert last["functionName"] == "export-dynamodb"
    assert "Traceback" in last["stack"]


def test_clients_are_made_of_the_settings(aws: World) -> None:
    made = export.connect(aws.settings())
    assert made.store.bucket == BUCKET
    assert vars(made.dynamodb.meta.config)["_user_provided_options"]["max_pool_connections"] == 3
