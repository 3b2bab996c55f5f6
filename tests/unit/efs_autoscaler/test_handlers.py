"""The Lambda function: what it answers, logs and measures, and that it fails loudly."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import pytest

from batchworks import logs
from batchworks.errors import JobError, SettingsError
from efs_autoscaler import JOB, handlers
from tests.unit.efs_autoscaler.conftest import Build
from tests.unit.efs_autoscaler.estate import THRESHOLD, Estate
from tests.unit.lambda_context import Context

SCHEDULED = {"id": "e-1", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}

Invoke = Callable[..., dict[str, Any]]
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """The JSON lines that the function printed since the last time one looked."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def estate(build: Build) -> Estate:
    """What the function works on, with too many files."""
    made = build()
    made.hold_files(THRESHOLD + 1)
    return made


@pytest.fixture
def invoke(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Invoke]:
    """Calls the function with its environment, in which single variables may differ."""
    handler = handlers.logger.registered_handler
    names = {"file_system_id": "EFS_FILE_SYSTEM_ID"}
    told = asdict(estate.settings) | {"subnet_ids": ""}
    environ = {names.get(name, name.upper()): str(value) for name, value in told.items()}

    def call(event: object, **changes: str) -> dict[str, Any]:
        monkeypatch.setattr(handler, "stream", sys.stdout)
        monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
        for name, value in {**environ, **changes}.items():
            monkeypatch.setenv(name, value)
        context: Any = Context(milliseconds=300_000)
        return handlers.run(event, context)

    yield call
    logs.set_level(JOB, "INFO")


def test_a_run_answers_what_is_promised_logs_it_and_measures(invoke: Invoke, lines: Lines) -> None:
    answer = invoke(SCHEDULED)
    assert json.loads(json.dumps(answer)) == answer
    assert set(answer) == {
        *("timestamp", "file_count", "threshold", "threshold_exceeded"),
        *("new_mount_target_created", "new_mount_target_id", "deployment_triggered"),
    }
    logged = lines()
    assert (logged[-1]["outcome"], logged[-1]["result"]) == ("complete", answer)
    assert logged[-1]["message"] == (
        "done: file_count 4, threshold 3, threshold_exceeded True, new_mount_target_created True, "
        f"deployment_triggered True, new_mount_target_id {answer['new_mount_target_id']}"
    )
    assert [line["outcome"] for line in logged if "outcome" in line] == ["complete"]
    assert all(line["event_id"] == "e-1" for line in logged if "_aws" not in line)
    (metrics,) = [line for line in logged if "_aws" in line]
    assert (metrics["service"], metrics["environment"]) == ("efs-autoscaler", "local")
    assert metrics["FileCount"] == [THRESHOLD + 1.0]
    assert metrics["ThresholdExceeded"] == [1.0]
    assert metrics["MountTargets"] == [3.0]
    assert metrics["CountSeconds"][0] >= 0


def test_a_run_that_fails_logs_its_result_with_the_error_and_raises(
    invoke: Invoke, estate: Estate, lines: Lines
) -> None:
    with pytest.raises(JobError, match="there is no such service"):
        invoke(SCHEDULED, ECS_SERVICE_NAME="none")
    *_, told, last = [line for line in lines() if "_aws" not in line]
    assert told["level"] == last["level"] == "ERROR"
    assert told["result"]["new_mount_target_created"] is True
    assert told["result"]["deployment_triggered"] is False
    assert "there is no such service" in told["result"]["error"]
    assert last["outcome"] == "failed"
    assert len(estate.listed()) == 3


def test_a_run_that_cannot_count_measures_nothing(invoke: Invoke, lines: Lines) -> None:
    with pytest.raises(JobError, match="/gone can't be read"):
        invoke(SCHEDULED, TARGET_DIRECTORY="/gone")
    logged = lines()
    assert [line for line in logged if "_aws" in line] == []
    [result] = [line["result"] for line in logged if "result" in line]
    assert (result["file_count"], result["threshold_exceeded"]) == (None, False)


def test_a_run_that_has_no_time_left_to_count_in_changes_nothing(
    invoke: Invoke, estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = estate.configuration()
    monkeypatch.setattr(Context, "get_remaining_time_in_millis", lambda _: 0)
    with pytest.raises(JobError, match="could not be counted in the time there is"):
        invoke(SCHEDULED)
    assert estate.configuration() == before


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ([], "the event is no JSON object but list"),
        ({"detail": {"job": "nas-sync"}}, "meant for the job 'nas-sync'; this is efs-autoscaler"),
        ({"detail": {"environment": "prd"}}, "meant for the environment 'prd'; this is 'local'"),
    ],
)
def test_a_poisonous_event_fails_before_anything_is_done(
    invoke: Invoke, estate: Estate, event: object, complaint: str
) -> None:
    before = estate.configuration()
    with pytest.raises(JobError, match=complaint):
        invoke(event)
    assert estate.configuration() == before


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"EFS_FILE_SYSTEM_ID": ""}, "EFS_FILE_SYSTEM_ID is not set: give it the id"),
        ({"TARGET_DIRECTORY": "files"}, "TARGET_DIRECTORY is 'files': give a path that begins"),
        ({"FILE_COUNT_THRESHOLD": "1e5"}, "FILE_COUNT_THRESHOLD is '1e5': give a whole number"),
        ({"FILE_COUNT_THRESHOLD": "-1"}, "FILE_COUNT_THRESHOLD is '-1'"),
        ({"LAUNCH_TYPE": "EXTERNAL"}, "LAUNCH_TYPE is 'EXTERNAL': give one of EC2, FARGATE"),
        ({"COUNT_WORKERS": "0"}, "COUNT_WORKERS is '0'"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL is 'LOUD'"),
    ],
)
def test_a_setting_that_is_wrong_is_named(
    invoke: Invoke, changes: dict[str, str], complaint: str
) -> None:
    with pytest.raises(SettingsError, match=complaint):
        invoke(SCHEDULED, **changes)


def test_the_threshold_is_a_hundred_thousand_where_none_is_set(
    invoke: Invoke, estate: Estate
) -> None:
    answer = invoke(SCHEDULED, FILE_COUNT_THRESHOLD="", COUNT_WORKERS="", LAUNCH_TYPE="")
    assert (answer["threshold"], answer["threshold_exceeded"]) == (100_000, False)
    assert len(estate.targets()) == 2
