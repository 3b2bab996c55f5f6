"""Whatever state a run finds, and wherever one before it was cut off: afterwards all is right."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from efs_autoscaler.settings import LaunchType
from scripts.local_aws.mount_targets import MOUNT_TARGETS
from tests.unit.efs_autoscaler.conftest import Build
from tests.unit.efs_autoscaler.estate import THRESHOLD, ZONES, Estate, entries
from tests.unit.efs_autoscaler.faults import Crash, Faults, crash_at


@pytest.mark.parametrize("files_left", [THRESHOLD + 1, 0], ids=["still too many", "few again"])
@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("launch_type", LaunchType)
def test_a_run_that_crashes_at_any_call_is_healed_by_the_next(
    build: Build, faults: Faults, launch_type: LaunchType, moment: str, files_left: int
) -> None:
    for call in itertools.count():
        estate = build(launch_type=launch_type)
        estate.hold_files(THRESHOLD + 1)
        old = entries(estate.value())
        try:
            estate.run(clients=faults.plan(**{moment: crash_at(call)}))
            break
        except Crash:
            estate.hold_files(files_left)
            estate.run()
        assert estate.whole()
        assert entries(estate.value())[: len(old)] == old
        if launch_type is LaunchType.FARGATE:
            assert set(estate.service_subnets()) >= {
                each["subnet_id"] for each in entries(estate.value())
            }
        assert len(estate.deployments()) <= 2  # the first and one more: not one from each run
        before = estate.configuration()
        assert not estate.run().deployment_triggered
        assert estate.configuration() == before
    assert call >= 8  # all calls of a run that creates


def test_a_mount_target_that_a_run_left_in_creation_is_waited_for(build: Build) -> None:
    estate = build()
    MOUNT_TARGETS.seconds = 0.05
    estate.add_target(ZONES[2])
    result = estate.run()
    assert estate.listed() == list(ZONES)
    assert result.deployment_triggered
    assert result.new_mount_target_id is None


def test_a_mount_target_made_by_hand_is_listed_and_one_that_is_gone_is_not(build: Build) -> None:
    estate = build()
    estate.clients.efs.delete_mount_target(
        MountTargetId=entries(estate.value())[0]["mount_target_id"]
    )
    estate.add_target(ZONES[2])
    estate.settle()
    assert estate.run().deployment_triggered
    assert estate.listed() == [ZONES[1], ZONES[2]]


def test_those_listed_keep_their_places_and_new_ones_come_last(build: Build) -> None:
    estate = build(zones=[ZONES[2], ZONES[1]])
    first = estate.listed()
    estate.add_target(ZONES[0])
    estate.settle()
    estate.run()
    assert estate.listed() == [*first, ZONES[0]]


def _changed(change: Callable[[Any], object]) -> Callable[[str], str]:
    def garble(value: str) -> str:
        content = json.loads(value)
        change(content)
        return json.dumps(content)

    return garble


@pytest.mark.parametrize(
    ("garble", "complaint"),
    [
        (lambda value: value[:-1], "it is no JSON"),
        (lambda _: "[]", "it is no object with mount_targets"),
        (lambda _: "null", "it is no object with mount_targets"),
        (lambda _: "{}", "it is no object with mount_targets"),
        (lambda _: '{"mount_targets": {}}', "mount_targets is no list"),
        (lambda _: '{"mount_targets": [1]}', "an entry has other fields"),
        (lambda value: value.replace("ip_address", "address"), "an entry has other fields"),
        (lambda value: value.replace('"subnet_id"', '"more": "", "subnet_id"'), "other fields"),
        (lambda _: "[" * 4000, "it is no JSON"),
        (_changed(lambda value: value.update(version=2)), "nothing else"),
        (_changed(lambda value: value["mount_targets"][0].update(ip_address=1)), "no text"),
        (_changed(lambda value: value["mount_targets"].append(value["mount_targets"][0])), "twice"),
    ],
)
def test_a_garbled_list_is_written_anew_from_what_there_is(
    build: Build,
    caplog: pytest.LogCaptureFixture,
    garble: Callable[[str], str],
    complaint: str,
) -> None:
    estate = build()
    estate.put(garble(estate.value() or ""))
    assert estate.run().deployment_triggered
    assert estate.listed() == list(ZONES[:2])
    [warning] = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert "is written anew" in warning
    assert complaint in warning


def test_a_missing_list_is_written(build: Build, caplog: pytest.LogCaptureFixture) -> None:
    estate = build()
    estate.clients.ssm.delete_parameter(Name=estate.settings.ssm_parameter_name)
    estate.run()
    assert estate.whole()
    assert "is written anew: it doesn't exist" in caplog.text


def test_entries_that_also_tell_a_state_are_fine(build: Build) -> None:
    estate = build()
    value = json.loads(estate.value() or "")
    for entry in value["mount_targets"]:
        entry["lifecycle_state"] = "available"
    estate.put(json.dumps(value))
    estate.clients.ecs.update_service(
        cluster=estate.settings.ecs_cluster_name,
        service=estate.settings.ecs_service_name,
        forceNewDeployment=True,
    )
    before = estate.configuration()
    assert not estate.run().deployment_triggered
    assert estate.configuration() == before


def test_a_service_older_than_its_list_is_deployed(build: Build) -> None:
    estate = build()
    estate.put(estate.value() or "")
    before = estate.deployments()
    assert estate.run().deployment_triggered
    assert estate.deployments()[0] not in before
    assert not estate.run().deployment_triggered


@pytest.mark.parametrize("files", [0, THRESHOLD + 1])
def test_a_fargate_service_is_widened_to_where_mount_targets_are(build: Build, files: int) -> None:
    estate = build(launch_type=LaunchType.FARGATE)
    estate.hold_files(files)
    if not files:
        estate.add_target(ZONES[2])
        estate.settle()
    before = _network(estate)
    assert estate.run().deployment_triggered
    subnets = [estate.network.subnets[zone] for zone in ZONES]
    assert _network(estate) == {**before, "subnets": subnets}


def test_a_fargate_service_that_was_narrowed_is_widened_again(build: Build) -> None:
    estate = build(launch_type=LaunchType.FARGATE)
    wide = _network(estate)
    narrow: Any = {"awsvpcConfiguration": {**wide, "subnets": wide["subnets"][:1]}}
    estate.clients.ecs.update_service(
        cluster=estate.settings.ecs_cluster_name,
        service=estate.settings.ecs_service_name,
        networkConfiguration=narrow,
    )
    assert estate.run().deployment_triggered
    assert _network(estate) == wide


def test_a_service_on_hosts_keeps_its_subnets(build: Build) -> None:
    estate = build()
    estate.hold_files(THRESHOLD + 1)
    before = _network(estate)
    assert estate.run().deployment_triggered
    assert _network(estate) == before


def _network(estate: Estate) -> dict[str, list[str]]:
    [service] = estate.clients.ecs.describe_services(
        cluster=estate.settings.ecs_cluster_name, services=[estate.settings.ecs_service_name]
    )["services"]
    return dict(service["networkConfiguration"]["awsvpcConfiguration"])  # type: ignore[arg-type]
