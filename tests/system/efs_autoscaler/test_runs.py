"""What starts a run, and what a run leaves behind."""

import json

import pytest

from tests.system.efs_autoscaler.conftest import MANY, Files
from tests.system.efs_autoscaler.system import FUNCTION, PARAMETER, THRESHOLD, EfsAutoscaler
from tests.system.system import eventually

PROMISED = {
    "timestamp",
    "file_count",
    "threshold",
    "threshold_exceeded",
    "new_mount_target_created",
    "deployment_triggered",
}


def test_few_files_change_nothing(system: EfsAutoscaler) -> None:
    (system.files / "one").touch()
    value, deployment = system.list_value(), system.deployment()
    answer = system.invoke()
    assert answer.payload["file_count"] == 1
    assert answer.payload["threshold"] == THRESHOLD
    assert answer.payload["threshold_exceeded"] is False
    assert set(answer.payload) == PROMISED
    assert (system.list_value(), system.deployment(), system.zones()) == (
        value,
        deployment,
        ["a", "c"],
    )
    (system.files / "one").unlink()


def test_too_many_files_bring_a_third_mount_target_into_list_and_service(
    system: EfsAutoscaler, files: Files
) -> None:
    files.many()
    first, deployment = system.listed(), system.deployment()
    answer = system.invoke()
    assert not answer.failed, answer.message
    assert answer.payload["file_count"] == MANY
    assert answer.payload["deployment_triggered"] is True
    created = answer.payload["new_mount_target_id"]
    assert set(answer.payload) == {*PROMISED, "new_mount_target_id"}
    assert system.listed()[:2] == first, "those that were listed keep their places"
    [third] = system.listed()[2:]
    described = system.mount_targets()[created]
    assert third == {
        "mount_target_id": created,
        "ip_address": described["IpAddress"],
        "availability_zone": described["AvailabilityZoneName"],
        "subnet_id": described["SubnetId"],
    }
    groups = system.client("efs").describe_mount_target_security_groups(MountTargetId=created)
    assert groups["SecurityGroups"] == [system.outputs["security_group_ids"]["mount_targets"]]
    assert system.deployment() != deployment
    system.assert_healed("acd")


def test_no_free_zone_is_a_warning_and_the_run_ends_well(
    system: EfsAutoscaler, files: Files
) -> None:
    files.many()
    system.invoke()
    event_id = system.put_event({"job": FUNCTION, "environment": "local"})
    last = system.follow(event_id)
    assert last.fields["outcome"] == "complete"
    warnings = [
        line for line in map(_record, system.function.log())
        if line.get("event_id") == event_id and line.get("level") == "WARNING"
    ]  # fmt: skip
    assert ["one in each zone" in line["message"] for line in warnings] == [True]
    system.assert_healed("acd")


def test_files_that_go_again_leave_the_mount_targets(system: EfsAutoscaler, files: Files) -> None:
    files.many()
    system.invoke()
    files.none()
    answer = system.invoke()
    assert answer.payload["threshold_exceeded"] is False
    system.assert_healed("acd")


def test_the_schedule_starts_a_run(system: EfsAutoscaler, files: Files) -> None:
    files.many()
    system.aws.fire_schedule(f"{FUNCTION}-schedule")
    eventually(lambda: len(system.listed()) == 3, "the scheduled run has listed its mount target")
    eventually(lambda: not _has_run_pending(system), "the run has deployed")
    system.assert_healed("acd")


def test_a_mount_target_that_somebody_made_or_deleted_is_listed_or_not(
    system: EfsAutoscaler,
) -> None:
    [subnet] = {*_candidates(system)} - {each["subnet_id"] for each in system.listed()}
    system.client("efs").create_mount_target(
        FileSystemId=system.file_system,
        SubnetId=subnet,
        SecurityGroups=[system.outputs["security_group_ids"]["mount_targets"]],
    )
    answer = system.invoke()
    assert answer.payload["new_mount_target_created"] is False
    assert answer.payload["deployment_triggered"] is True
    system.assert_healed("acd")
    system.release()
    assert system.invoke().payload["deployment_triggered"] is True
    system.assert_healed("ac")


@pytest.mark.parametrize(
    "value",
    ["no JSON", '{"mount_targets": [{"ip_address": "10.0.0.1"}]}'],
)
def test_a_garbled_list_is_healed_and_deployed(system: EfsAutoscaler, value: str) -> None:
    system.write_list(value)
    answer = system.invoke()
    assert not answer.failed, answer.message
    assert answer.payload["deployment_triggered"] is True
    system.assert_healed("ac")


def test_a_list_that_is_gone_is_written_anew(system: EfsAutoscaler) -> None:
    tags = system.client("ssm").list_tags_for_resource(
        ResourceType="Parameter", ResourceId=PARAMETER
    )["TagList"]
    system.client("ssm").delete_parameter(Name=PARAMETER)
    assert not system.invoke().failed
    system.client("ssm").add_tags_to_resource(
        ResourceType="Parameter", ResourceId=PARAMETER, Tags=tags
    )
    system.assert_healed("ac")


def _has_run_pending(system: EfsAutoscaler) -> bool:
    service = system.service()["deployments"][0]
    parameter = system.client("ssm").get_parameter(Name=PARAMETER)["Parameter"]
    return bool(service["createdAt"] < parameter["LastModifiedDate"])


def _candidates(system: EfsAutoscaler) -> list[str]:
    settings = json.loads(system.estate.terraform_settings("efs-autoscaler").read_text())
    candidates: list[str] = settings["candidate_subnet_ids"]
    return candidates


def _record(line: str) -> dict[str, str]:
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
