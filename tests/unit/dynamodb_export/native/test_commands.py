"""The commands `partition` and `smoke`, on the local AWS."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner, Result

from dynamodb_export import handlers, keys
from scripts.dynamodb_export import smoke as smoking
from scripts.dynamodb_export.__main__ import app
from tests.unit.dynamodb_export.native.context import context
from tests.unit.dynamodb_export.native.plant import Plant

KEY = f"{keys.EXPORTS}dt=2026-02-28/users.json"
TARGET = f"{keys.EXPORTS}year=2026/month=02/day=28/users/users.json"


@pytest.fixture(autouse=True)
def variables(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {smoking.TABLE: {"mode": "request"}, "users": {"mode": "scan"}}
    for name, value in {
        "BUCKET_NAME": plant.bucket,
        "AWS_ACCOUNT_ID": "123456789012",
        "TABLE_NAME": "users",
        "TABLES": json.dumps(tables),
    }.items():
        monkeypatch.setenv(name, value)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--env", "dev"])


def test_partition_moves_and_says_how_many(plant: Plant) -> None:
    plant.put_object(KEY, b"[]")
    result = run("partition")
    assert result.exit_code == 0
    assert "Partitioning completed: 1 objects moved" in result.output
    assert plant.names() == [TARGET]


def test_a_dry_run_lists_and_changes_nothing(plant: Plant) -> None:
    plant.put_object(KEY, b"[]")
    result = run("partition", "--dry-run")
    assert result.exit_code == 0
    assert "1 objects would be moved; nothing was changed" in result.output
    assert plant.names() == [KEY]


def test_what_stays_is_told_and_why(plant: Plant) -> None:
    plant.put_object(f"{keys.EXPORTS}dt=2026-02-28/x.csv", b"")
    assert "1 that are no exports" in run("partition").output


def test_what_can_t_be_moved_fails_the_command(plant: Plant) -> None:
    plant.put_object(KEY, b"[]")
    with plant.aws.faults("s3.CopyObject", code="AccessDenied", status=403):
        assert run("partition").exit_code == 1
    assert plant.names() == [KEY]


class Functions:
    """The deployed functions: what one publishes starts the next."""

    def __init__(self, spoil: Callable[[], None] = lambda: None) -> None:
        self.spoil = spoil

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        assert FunctionName == "export-dynamodb-dev"
        answer = handlers.export_table(json.loads(Payload), context())
        self.spoil()
        handlers.partition({}, context())
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


class Failing:
    """A function that fails."""

    def invoke(self, **_: object) -> dict[str, Any]:
        failure = {"errorMessage": "no", "errorType": "JobError"}
        return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(failure).encode())}


def deploy(monkeypatch: pytest.MonkeyPatch, functions: object) -> None:
    real = boto3.client
    monkeypatch.setenv("ENVIRONMENT", "dev")
    monkeypatch.setattr(
        boto3,
        "client",
        lambda name, **settings: functions if name == "lambda" else real(name, **settings),
    )


def is_clean(plant: Plant) -> bool:
    return not plant.names("") and smoking.TABLE not in plant.dynamodb.list_tables()["TableNames"]


@pytest.mark.parametrize(("form", "compressed"), [("array", "false"), ("lines", "true")])
def test_smoke_walks_the_whole_way_and_cleans_up(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, form: str, compressed: str
) -> None:
    monkeypatch.setenv("EXPORT_FORMAT", form)
    monkeypatch.setenv("EXPORT_GZIP", compressed)
    deploy(monkeypatch, Functions())
    result = run("smoke")
    assert "smoke test passed" in result.output
    assert result.exit_code == 0
    assert is_clean(plant)


def test_smoke_fails_with_the_function_and_cleans_up(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(monkeypatch, Failing())
    result = run("smoke")
    assert result.exit_code == 1
    assert "export-dynamodb-dev failed: no" in result.output
    assert is_clean(plant)


def test_smoke_says_why_it_could_not_make_its_table(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy(monkeypatch, Functions())
    with plant.aws.faults("dynamodb.CreateTable", code="AccessDeniedException", status=400):
        result = run("smoke")
    assert result.exit_code == 1
    assert "Could not make the table test-moderation-craft (500, AccessDenied" in result.output


def test_smoke_finds_an_item_that_came_out_otherwise(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoil() -> None:
        (key,) = plant.names()
        plant.put_object(key, plant.content(key).replace(b"AP8Q", b"AP8R"))

    deploy(monkeypatch, Functions(spoil))
    result = run("smoke")
    assert result.exit_code == 1
    assert "the item 'every type' came out as" in result.output
    assert is_clean(plant)


def test_smoke_waits_in_vain_for_a_partition_manager_that_is_off(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smoking, "_PARTITION_SECONDS", 0)
    monkeypatch.setattr(handlers, "partition", lambda _event, _context: None)
    deploy(monkeypatch, Functions())
    result = run("smoke")
    assert result.exit_code == 1
    assert "was not moved to" in result.output
    assert is_clean(plant)


def test_smoke_replaces_a_table_that_a_killed_test_left(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant.dynamodb.create_table(
        TableName=smoking.TABLE,
        KeySchema=[{"AttributeName": "other", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "other", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    deploy(monkeypatch, Functions())
    assert run("smoke").exit_code == 0
    with pytest.raises(ClientError):
        plant.dynamodb.describe_table(TableName=smoking.TABLE)
