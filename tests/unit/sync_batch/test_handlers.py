"""The Lambda function: which events start it, what it logs, and that it fails loudly."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote_plus

import pytest

from batchworks import logs
from batchworks.errors import JobError
from scripts.youtube_stand_in import YouTube as StandIn
from sync_batch import JOB, handlers, postgres, settings
from tests.conftest import Database
from tests.unit.lambda_context import Context

SCHEDULED = {"id": "e-1", "detail-type": "Scheduled Event", "source": "aws.events", "detail": {}}
MANUAL = {"id": "e-2", "detail-type": "manual-trigger", "source": "batch-scheduler"}


Invoke = Callable[..., dict[str, Any]]
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """The JSON lines that the function printed since the last time one looked."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def invoke(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Invoke]:
    """Calls the function with its environment, in which single variables may differ."""
    handler = handlers.logger.registered_handler

    def call(event: object, **changes: str) -> dict[str, Any]:
        monkeypatch.setattr(handler, "stream", sys.stdout)
        monkeypatch.setattr(logging.getLogger(), "handlers", [handler])
        for name, value in {**environ, **changes}.items():
            monkeypatch.setenv(name, value)
        return handlers.run(event, Context())  # type: ignore[arg-type]  # as much as is used

    yield call
    logs.set_level(JOB, "INFO")


@pytest.mark.parametrize(
    ("event", "complaint"),
    [
        ([], "the event is no JSON object but list"),
        ("text", "the event is no JSON object but str"),
        (None, "the event is no JSON object but NoneType"),
        ({"detail": [1]}, "the event's detail is no JSON object but list"),
        ({"detail": "text"}, "the event's detail is no JSON object but str"),
        ({"detail": []}, "the event's detail is no JSON object but list"),
        ({"detail": ""}, "the event's detail is no JSON object but str"),
        ({"detail": False}, "the event's detail is no JSON object but bool"),
        ({"detail": {"job": "nas-sync"}}, "meant for the job 'nas-sync'; this is sync-batch"),
        ({"detail": {"job": None}}, "meant for the job None"),
        ({"detail": {"environment": "prd"}}, "meant for the environment 'prd'; this is 'local'"),
    ],
)
def test_a_poisonous_event_fails_before_anything_is_done(
    invoke: Invoke, youtube: StandIn, lines: Lines, event: object, complaint: str
) -> None:
    with pytest.raises(JobError, match=complaint):
        invoke(event)
    assert youtube.counters()["requests"] == {}
    *_, line = lines()
    assert (line["level"], line["outcome"]) == ("ERROR", "failed")
    assert complaint in line["message"]


def test_a_run_answers_logs_and_measures(invoke: Invoke, lines: Lines, database: Database) -> None:
    answer = invoke(SCHEDULED)
    assert json.loads(json.dumps(answer)) == answer
    assert (answer["outcome"], answer["channels"]) == ("complete", 8)
    assert database.query("SELECT trigger, run_id::text FROM sync_runs") == [
        ("schedule", answer["run_id"])
    ]
    logged = lines()
    (metrics,) = [line for line in logged if "_aws" in line]
    assert metrics["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "batchworks"
    assert (metrics["service"], metrics["environment"]) == ("sync-batch", "local")
    assert metrics["ChannelsRead"] == [8.0]
    assert metrics["RowsMerged"] == [8.0 + 2 * answer["videos"]]
    assert metrics["QuotaUsed"] == [answer["quota_used"]]
    assert {"ChannelsWaiting", "LookupSeconds", "ReadSeconds", "CsvSeconds", "MergeSeconds"} < set(
        metrics
    )
    *_, last = logged
    assert (last["outcome"], last["message"]) == ("complete", answer["message"])
    assert [line["outcome"] for line in logged if "outcome" in line] == ["complete"]
    for line in logged:
        if "_aws" not in line:
            assert (line["event_id"], line["trigger"]) == ("e-1", "schedule")
            assert line["function_request_id"] == "r-1"


def test_a_run_that_finds_another_at_work_measures_nothing(
    invoke: Invoke, lines: Lines, environ: dict[str, str]
) -> None:
    other = postgres.connect(settings.load(environ))
    assert postgres.take_lock(other)
    assert invoke(SCHEDULED)["outcome"] == "busy"
    other.close()
    logged = lines()
    assert not [line for line in logged if "_aws" in line]
    assert (logged[-1]["level"], logged[-1]["outcome"]) == ("INFO", "busy")


def test_a_failure_leaves_as_an_exception_and_is_logged_as_an_error(
    invoke: Invoke, lines: Lines, youtube: StandIn
) -> None:
    youtube.change(quota=0)
    with pytest.raises(JobError, match="quotaExceeded") as raised:
        invoke(MANUAL)
    assert type(raised.value).__name__ == "QuotaExceededError"
    *_, last = lines()
    assert (last["level"], last["outcome"]) == ("ERROR", "failed")
    assert "Traceback" in last["exception"]


def test_no_secret_is_told_whatever_goes_wrong(
    invoke: Invoke,
    capsys: pytest.CaptureFixture[str],
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("sync_batch.youtube.LONGEST_WAIT_SECONDS", 0.001)
    password, key = database.server.password, "AIza/+&=wrong"
    told = ""
    for changes in (
        {"YOUTUBE_API_KEY": key},
        {"DB_PORT": "9"},
        {"DB_NAME": "nowhere"},
        {"YOUTUBE_ENDPOINT": f"https://127.0.0.1:9/?key={quote_plus(key)}", "YOUTUBE_API_KEY": key},
        {"YOUTUBE_CHANNELS": f"UC{key}", "YOUTUBE_API_KEY": key},
        {"LOG_LEVEL": password},
    ):
        with pytest.raises(Exception, match=r".") as raised:
            invoke(SCHEDULED, **changes)
        told += f"{raised.value!s} {raised.value!r} {capsys.readouterr().out}\n"
        told += str(raised.value.__cause__)
    told += str(database.query("SELECT * FROM sync_runs"))
    for secret in (password, key):
        for spelling in (secret, quote_plus(secret), json.dumps(secret)[1:-1]):
            assert spelling not in told


def test_a_log_level_is_obeyed(invoke: Invoke, lines: Lines) -> None:
    invoke(SCHEDULED, LOG_LEVEL="ERROR")
    messages = [line["message"] for line in lines() if "_aws" not in line]
    assert messages == ["started by schedule"]
