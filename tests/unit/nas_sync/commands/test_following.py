"""A run is started, told state by state, and its end is the command's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from scripts.nas_sync import following
from scripts.nas_sync.__main__ import app
from scripts.nas_sync.following import BatchType, Request

SCANNED = {"Type": "Pass", "Result": {"new": 1200, "batch": "exec-1"}, "ResultPath": "$.scan"}


@pytest.fixture(autouse=True)
def _aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(following, "_SECONDS", 0.1)
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        yield


def machine(last: dict[str, Any]) -> None:
    """A state machine that scans and then ends."""
    states = {"ScanTransferredFiles": {**SCANNED, "Next": "End"}, "End": last}
    boto3.client("stepfunctions").create_state_machine(
        name="CIS-Monthly-Batch-Sync-dev",
        definition=json.dumps({"StartAt": "ScanTransferredFiles", "States": states}),
        roleArn="arn:aws:iam::123456789012:role/pipeline",
    )


def run(*arguments: str) -> tuple[int, str]:
    told = CliRunner().invoke(app, ["run", "--env", "dev", *arguments])
    return told.exit_code, told.output


def test_a_run_that_succeeds_is_told_with_what_it_found() -> None:
    machine({"Type": "Succeed"})

    code, told = run("--batch-type", "initial")

    assert code == 0
    assert "initial-sync-" in told
    assert "ScanTransferredFiles" in told
    assert "new 1,200" in told
    assert "succeeded" in told


def test_a_run_that_fails_tells_why_and_exits_with_1() -> None:
    machine({"Type": "Fail", "Error": "BrakeEngaged", "Cause": "too many are gone"})

    code, told = run("--release-brake")

    assert code == 1
    assert "BrakeEngaged: too many are gone" in told


def test_nothing_deployed_is_bad_settings() -> None:
    code, told = run()
    assert code == 2
    assert "CIS-Monthly-Batch-Sync-dev" in told


def test_a_request_is_what_the_state_machine_reads() -> None:
    assert json.loads(Request().input()) == {"batch_type": "manual"}
    whole = Request(BatchType.MONTHLY, "because", full_sync=True, resume="exec-1")
    assert json.loads(whole.input()) == {
        "batch_type": "monthly_scheduled",
        "reason": "because",
        "full_sync": True,
        "resume": "exec-1",
    }
