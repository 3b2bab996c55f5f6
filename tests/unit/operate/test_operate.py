import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner

from scripts import operate, runs
from scripts.environments import Environment, function_name

GROUP = "/aws/lambda/sync-batch-dev"


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    with mock_aws():
        yield


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(operate.app, arguments)
    return result.exit_code, result.output


def schedule_rules(*names: str) -> None:
    for name in names:
        boto3.client("events").put_rule(Name=name, ScheduleExpression="rate(1 day)")


def states() -> dict[str, str]:
    rules = boto3.client("events").list_rules()["Rules"]
    return {rule["Name"]: rule["State"] for rule in rules}


def write_log(*lines: dict[str, Any] | str) -> None:
    logs = boto3.client("logs")
    logs.create_log_group(logGroupName=GROUP)
    logs.create_log_stream(logGroupName=GROUP, logStreamName="s")
    now = int(time.time() * 1000)
    logs.put_log_events(
        logGroupName=GROUP,
        logStreamName="s",
        logEvents=[
            {"timestamp": now + n, "message": line if isinstance(line, str) else json.dumps(line)}
            for n, line in enumerate(lines)
        ],
    )


def test_disable_and_enable_reach_every_schedule_rule_of_the_job_and_no_other() -> None:
    schedule_rules(
        "sync-batch-dev-schedule", "sync-batch-dev-schedule-2", "sync-batch-prd-schedule"
    )
    code, _ = run("disable", "--env", "dev")
    assert code == 0
    assert states() == {
        "sync-batch-dev-schedule": "DISABLED",
        "sync-batch-dev-schedule-2": "DISABLED",
        "sync-batch-prd-schedule": "ENABLED",
    }
    run("enable", "--env", "dev")
    assert set(states().values()) == {"ENABLED"}


def test_events_of_others_start_a_disabled_job_no_more_but_a_person_still_does() -> None:
    schedule_rules(
        "partition-manager-schedule", "partition-manager-on-completed", "partition-manager-manual",
        "partition-manager-dev-schedule", "partition-manager-dev-on-completed",
    )  # fmt: skip
    run("disable", "--env", "prd", "--job", "partition-manager")
    assert {name for name, state in states().items() if state == "DISABLED"} == {
        "partition-manager-schedule",
        "partition-manager-on-completed",
    }


@pytest.mark.parametrize(
    ("command", "rule"), [("disable", "schedule"), ("enable", "schedule"), ("trigger", "manual")]
)
def test_a_job_that_is_not_applied_is_an_error(
    monkeypatch: pytest.MonkeyPatch, command: str, rule: str
) -> None:
    monkeypatch.setattr("sys.argv", ["operate", command, "--env", "dev", "--job", "nope"])
    with pytest.raises(SystemExit, match=f"no rule is named nope-dev-{rule}"):
        operate.main()


@pytest.mark.parametrize(
    ("job", "env", "name"),
    [
        ("sync-batch", "local", "sync-batch-local"),
        ("sync-batch", "prd", "sync-batch-prd"),
        ("dynamodb-export", "dev", "dynamodb-export-dev"),
        ("dynamodb-export", "prd", "dynamodb-export"),
        ("dynamodb-export", "local", "dynamodb-export"),
    ],
)
def test_jobs_are_named_as_their_stacks_name_them(job: str, env: str, name: str) -> None:
    assert function_name(job, Environment(env)) == name
    assert runs.log_group(job, Environment(env)) == f"/aws/lambda/{name}"


def test_logs_shows_messages_and_with_errors_only_those_of_level_error() -> None:
    write_log(
        "START RequestId: 1",
        {"level": "INFO", "message": "fetched 3 channels"},
        {"level": "ERROR", "message": "database is read-only"},
        {"_aws": {"CloudWatchMetrics": []}, "QuotaUsed": [42]},
    )
    _, everything = run("logs", "--env", "dev")
    assert "START RequestId: 1" in everything
    assert "fetched 3 channels" in everything
    assert len(everything.splitlines()) == 3
    _, errors = run("logs", "--env", "dev", "--errors")
    assert "database is read-only" in errors
    assert "fetched" not in errors


def test_no_line_of_a_log_commands_the_terminal() -> None:
    write_log({"level": "WARNING", "message": "a file failed: \x1b]0;x\x07"}, "START \x1b[2J")
    _, told = run("logs", "--env", "dev")
    assert "a file failed: ?]0;x?" in told
    assert "\x1b" not in told


def test_logs_says_so_when_there_is_nothing() -> None:
    boto3.client("logs").create_log_group(logGroupName=GROUP)
    assert run("logs", "--env", "dev") == (0, f"nothing in {GROUP} for the last 1h\n")


def test_a_malformed_length_of_time_is_refused_with_the_remedy() -> None:
    code, output = run("logs", "--env", "dev", "--since", "yesterday")
    assert code == 2
    assert "30m, 1h or 2d" in output


def test_a_refused_entry_is_an_error_though_the_call_succeeded() -> None:
    class Refusing:
        def put_events(self, **_: Any) -> dict[str, Any]:
            entry = {"ErrorCode": "InternalFailure", "ErrorMessage": "try later"}
            return {"FailedEntryCount": 1, "Entries": [entry]}

    with pytest.raises(runs.NotSentError, match="InternalFailure: try later"):
        runs.send_manual_event(Refusing(), "sync-batch", "dev")  # type: ignore[arg-type]


def test_follow_yields_the_lines_of_one_event_until_its_outcome() -> None:
    write_log(
        {"message": "another run", "event_id": "e0", "outcome": "complete"},
        {"message": "started", "event_id": "e1"},
        {"message": "done", "event_id": "e1", "outcome": "partial"},
    )
    lines = list(runs.follow(boto3.client("logs"), GROUP, "e1"))
    assert [line.fields["message"] for line in lines] == ["started", "done"]
    assert runs.outcome(lines[-1]) == "partial"


def test_lines_before_the_asked_time_are_left_out() -> None:
    write_log("now")
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert list(runs.read_log(boto3.client("logs"), GROUP, later)) == []
