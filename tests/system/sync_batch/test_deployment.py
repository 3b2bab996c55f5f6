"""What Terraform leaves in the account: the names operators know, and no change left to make."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import terraform
from tests.system.sync_batch.system import DEAD_LETTERS, FUNCTION, GROUP, SyncBatch
from tests.system.system import eventually

ROOT = Path(__file__).parents[3]


def operate(system: SyncBatch, home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run an operator's command where the estate is the one that `make up` would have left."""
    lasting = home / ".local" / "up"
    lasting.parent.mkdir()
    lasting.symlink_to(system.estate.home)
    return subprocess.run(
        [sys.executable, "-m", "scripts.operate", *arguments, "--env", "local"],
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_second_plan_is_empty(system: SyncBatch) -> None:
    assert terraform.plan(system.stack) is False


def test_the_names_operators_know_exist(system: SyncBatch) -> None:
    function = system.client("lambda").get_function(FunctionName=FUNCTION)["Configuration"]
    assert function["DeadLetterConfig"]["TargetArn"].endswith(f":{DEAD_LETTERS}")
    (group,) = system.client("logs").describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"]
    assert group["retentionInDays"] == 7
    rule = system.client("events").describe_rule(Name=f"{FUNCTION}-schedule")
    assert rule["ScheduleExpression"] == "cron(0 15 * * ? *)"
    alarms = system.client("cloudwatch").describe_alarms(AlarmNamePrefix=FUNCTION)["MetricAlarms"]
    assert {alarm["AlarmName"].removeprefix(f"{FUNCTION}-") for alarm in alarms} == {
        "errors",
        "duration",
        "throttles",
        "dead-letters",
        "no-run",
    }
    assert all(alarm["AlarmActions"][0].endswith(f":{FUNCTION}-alerts") for alarm in alarms)


def test_trigger_follows_the_run_and_exits_as_it_ended(system: SyncBatch, tmp_path: Path) -> None:
    done = operate(system, tmp_path, "trigger", "--wait")
    assert done.returncode == 0, done.stderr
    assert "the run ended: complete" in done.stdout


def test_trigger_fails_when_the_run_fails(system: SyncBatch, tmp_path: Path) -> None:
    system.youtube.change(keys=["another-key"])
    done = operate(system, tmp_path, "trigger", "--wait")
    assert done.returncode == 1
    assert "YOUTUBE_API_KEY" in done.stdout
    assert "the run ended: failed" in done.stdout
    eventually(system.dead_letters, "Lambda has given the event up")


@pytest.mark.parametrize("command", ["disable", "enable"])
def test_the_first_emergency_stop_reaches_the_schedule(
    system: SyncBatch, tmp_path: Path, command: str
) -> None:
    done = operate(system, tmp_path, command)
    assert done.returncode == 0, done.stderr
    state = system.client("events").describe_rule(Name=f"{FUNCTION}-schedule")["State"]
    assert state == f"{command}d".upper()


def test_the_second_emergency_stop_keeps_every_event_from_starting_it(
    system: SyncBatch, tmp_path: Path
) -> None:
    off = tmp_path / "off.tfvars"
    off.write_text("enabled = false\n")
    stopped = replace(system.stack, var_files=[*system.stack.var_files, off])
    terraform.apply(stopped)
    try:
        system.put_event({})
        with pytest.raises(system.client("lambda").exceptions.TooManyRequestsException):
            system.invoke()
        rules = system.client("events").list_rules(NamePrefix=FUNCTION)["Rules"]
        assert {rule["State"] for rule in rules} == {"DISABLED"}
        assert system.value("SELECT to_regclass('sync_runs')") is None, "nothing has run"
    finally:
        terraform.apply(system.stack)
    assert system.invoke().payload["outcome"] == "complete"
