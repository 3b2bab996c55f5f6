"""`python -m scripts.dynamodb_export export`."""

from __future__ import annotations

import io
import os
import signal
import zipfile
from collections.abc import Callable

import boto3
import pytest
from typer.testing import CliRunner

from dynamodb_export.scan import export
from scripts.dynamodb_export import __main__ as command
from tests.unit.dynamodb_export.scan.world import ACCOUNT, BUCKET, TABLE, World

Run = Callable[..., int]


@pytest.fixture
def run(aws: World, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Types the command for `dev`; its exit code."""
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    monkeypatch.setenv("AWS_ACCOUNT_ID", ACCOUNT)
    monkeypatch.setattr(export, "connect", lambda _: aws.clients)

    def type_(*arguments: str) -> int:
        return CliRunner().invoke(command.app, ["export", "--env", "dev", *arguments]).exit_code

    return type_


@pytest.fixture(autouse=True)
def console(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the operator sees."""
    seen = io.StringIO()
    monkeypatch.setattr(command.console, "file", seen)
    return seen


def test_a_table_is_exported_as_the_function_does_it(
    aws: World, run: Run, console: io.StringIO
) -> None:
    aws.fill(30)
    assert run("--table", TABLE) == 0
    (key,) = aws.stored()
    assert key.endswith(f"/{TABLE}.json")
    assert "Export completed successfully: 30 items" in console.getvalue()
    assert f"s3://{BUCKET}/{key}" in console.getvalue()
    assert aws.kinds() == ["TableExportCompleted"]


def test_who_names_no_table_means_the_default(aws: World, run: Run) -> None:
    assert run() == 0
    assert aws.published[0][1]["tableName"] == TABLE


def test_settings_are_those_of_the_deployed_function(
    aws: World, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BUCKET_NAME")
    _deploy({"BUCKET_NAME": BUCKET, "AWS_ACCOUNT_ID": ACCOUNT, "EXPORT_FORMAT": "lines"})
    assert run() == 0
    assert aws.stored()[0].endswith(f"/{TABLE}.jsonl")


def test_nothing_deployed_is_told(
    run: Run, console: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BUCKET_NAME")
    assert run() == 2
    assert "there is no function export-dynamodb-dev: deploy the stack" in console.getvalue()


def test_bad_settings_are_told(
    run: Run, console: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPORT_FORMAT", "csv")
    assert run() == 2
    assert "EXPORT_FORMAT is 'csv'" in console.getvalue()


def test_a_table_that_is_not_configured_fails(run: Run, console: io.StringIO) -> None:
    assert run("--table", "other") == 1
    assert "'other' is not configured" in console.getvalue()


def test_a_table_that_is_gone_fails(aws: World, run: Run, console: io.StringIO) -> None:
    aws.dynamodb.delete_table(TableName=TABLE)
    assert run() == 1
    assert "Resource not found." in console.getvalue()


def test_ctrl_c_stops_and_leaves_nothing(
    aws: World, run: Run, console: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.fill(30)
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(
        "dynamodb_export.scan.draft.Draft.add", lambda *_: os.kill(os.getpid(), signal.SIGINT)
    )
    assert run() == 3
    assert "Export stopped: nothing is left of it" in console.getvalue()
    assert aws.stored() == []
    assert aws.published == []
    assert signal.getsignal(signal.SIGINT) is before


def _deploy(variables: dict[str, str]) -> None:
    """A function with these settings."""
    trust = '{"Version": "2012-10-17", "Statement": []}'
    role = boto3.client("iam").create_role(RoleName="r", AssumeRolePolicyDocument=trust)
    code = io.BytesIO()
    zipfile.ZipFile(code, "w").close()
    boto3.client("lambda").create_function(
        FunctionName="export-dynamodb-dev",
        Role=role["Role"]["Arn"],
        Runtime="python3.13",
        Handler="h.h",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": variables},
    )
