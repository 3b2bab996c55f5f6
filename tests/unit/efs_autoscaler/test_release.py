"""`make release-mount-targets`: what Terraform doesn't know is gone, the rest untouched."""

from __future__ import annotations

import time

import boto3
import pytest
from typer.testing import CliRunner

from scripts import terraform
from scripts.efs_autoscaler import __main__ as command
from scripts.efs_autoscaler import release
from scripts.efs_autoscaler.release import ReleaseError
from scripts.environments import Environment
from scripts.local_aws.mount_targets import MOUNT_TARGETS
from tests.unit.efs_autoscaler.conftest import Build
from tests.unit.efs_autoscaler.estate import ZONES, Estate, entries


def _released(estate: Estate, keep: set[str]) -> tuple[int, list[str]]:
    said: list[str] = []
    number = release.release(
        estate.clients.efs,
        estate.settings.file_system_id,
        keep,
        said.append,
        pause=lambda _: time.sleep(MOUNT_TARGETS.seconds),
    )
    return number, said


def test_what_terraform_does_not_know_is_deleted_and_gone_when_it_returns(build: Build) -> None:
    estate = build()
    keep = {each["mount_target_id"] for each in entries(estate.value())}
    stranger = estate.add_target(ZONES[2])
    assert _released(estate, keep) == (1, [f"deleting {stranger} in {ZONES[2]}"])
    assert estate.targets() == dict.fromkeys(ZONES[:2], "available")
    assert _released(estate, keep) == (0, [])


def test_one_that_is_being_deleted_already_is_waited_for(build: Build) -> None:
    estate = build()
    stranger = estate.add_target(ZONES[2])
    estate.clients.efs.delete_mount_target(MountTargetId=stranger)
    keep = {each["mount_target_id"] for each in entries(estate.value())}
    _released(estate, keep)
    assert list(estate.targets()) == list(ZONES[:2])


def test_one_that_does_not_go_is_an_error_after_ten_minutes(build: Build) -> None:
    estate = build()
    MOUNT_TARGETS.seconds = 60
    efs, file_system = estate.clients.efs, estate.settings.file_system_id
    with pytest.raises(ReleaseError, match=r"still there after 600 s: fsmt-.*Run this again"):
        release.release(efs, file_system, set(), lambda _: None, pause=lambda _: None)


@pytest.mark.parametrize("missing", ["file_system", "mount_targets", "controller"])
def test_without_terraforms_word_nothing_is_deleted(missing: str) -> None:
    outputs = {
        "file_system": {"id": "fs-1"},
        "mount_targets": {"a": "fsmt-1"},
        "controller": {"schedule_rule_names": ["rule"]},
    }
    assert release.known(outputs) == release.Known("fs-1", frozenset({"fsmt-1"}), ("rule",))
    del outputs[missing]
    with pytest.raises(ReleaseError, match=f"no output '{missing}', so nothing is deleted"):
        release.known(outputs)


def test_the_command_stops_the_schedule_and_says_what_it_did(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    estate = build()
    keep = {each["mount_target_id"] for each in entries(estate.value())}
    estate.add_target(ZONES[2])
    estate.settle()
    events = boto3.client("events")
    events.put_rule(Name="efs-autoscaler-schedule-1", ScheduleExpression="rate(5 minutes)")
    outputs = {
        "file_system": {"id": estate.settings.file_system_id},
        "mount_targets": dict(enumerate(keep)),
        "controller": {"schedule_rule_names": ["efs-autoscaler-schedule-1"]},
    }
    monkeypatch.setattr(command, "enter", lambda _: None)
    monkeypatch.setattr(terraform, "outputs", lambda _: outputs)
    monkeypatch.setattr(release, "_POLL_SECONDS", 0.02)
    answer = CliRunner().invoke(
        command.app, ["release-mount-targets", "--env", Environment.PRD], catch_exceptions=False
    )
    assert answer.exit_code == 0
    assert events.describe_rule(Name="efs-autoscaler-schedule-1")["State"] == "DISABLED"
    assert list(estate.targets()) == list(ZONES[:2])
