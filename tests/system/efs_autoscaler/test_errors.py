"""What a run does when AWS doesn't: the steps after a failed one are not taken."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from efs_autoscaler.mount_targets import MountTargetError
from tests.system.efs_autoscaler.conftest import Files
from tests.system.efs_autoscaler.system import FUNCTION, EfsAutoscaler, HurriedRun
from tests.system.function import Answer
from tests.system.system import eventually

THROTTLED = "ThrottlingException"


def result(system: EfsAutoscaler, answer: Answer) -> dict[str, Any]:
    """What a failed run has logged as its result."""
    lines = [line for line in system.function.log() if "the result of a failed run" in line]
    logged: list[dict[str, Any]] = [json.loads(line)["result"] for line in lines]
    return next(each for each in logged if each["error"] == answer.message)


@contextmanager
def failing(system: EfsAutoscaler, action: str, code: str, status: int = 400) -> Iterator[None]:
    """Let the controller be refused an action, and nobody else."""
    with system.aws.faults(action, code=code, status=status, role=FUNCTION):
        yield


def test_a_folder_that_is_gone_fails_the_run_and_is_counted_by_the_alarm(
    system: EfsAutoscaler,
) -> None:
    system.invoke()  # its process has the file system mounted
    before, errors = system.state(), system.errors()
    shutil.rmtree(system.files)
    answer = system.invoke()
    system.forget_process()
    assert answer.failed
    assert answer.payload["errorType"] == "CountError"
    assert "/mnt/efs" in answer.message
    assert system.state() == before
    assert system.errors() == errors + 1
    told = result(system, answer)
    assert told["file_count"] is None, "not known is not zero"
    assert told["new_mount_target_created"] is told["deployment_triggered"] is False


def test_a_file_system_that_can_t_be_mounted_ends_in_the_dead_letters(
    system: EfsAutoscaler,
) -> None:
    before = system.state()
    system.forget_process()  # the next one has to mount
    role, name = FUNCTION, "given-access"
    policy = system.client("iam").get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    kept = [each for each in policy["Statement"] if each["Sid"] != "UseFileSystem"]
    put = system.client("iam").put_role_policy
    put(
        RoleName=role,
        PolicyName=name,
        PolicyDocument=json.dumps({**policy, "Statement": kept}),
    )
    try:
        system.function.send({"detail-type": "Scheduled Event", "detail": {}})
        eventually(system.function.dead_letters, "Lambda has given the event up")
    finally:
        put(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(policy))
    assert system.state() == before
    assert not system.invoke().failed


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("MountTargetConflict", 409),
        ("NetworkInterfaceLimitExceeded", 409),
    ],
)
def test_what_can_t_be_created_is_neither_listed_nor_deployed(
    system: EfsAutoscaler, files: Files, code: str, status: int
) -> None:
    files.many()
    before = system.state()
    with failing(system, "efs.CreateMountTarget", code, status):
        answer = system.invoke()
    assert answer.failed
    assert code in answer.message
    assert result(system, answer)["threshold_exceeded"] is True
    assert system.state() == before
    assert system.invoke().payload["new_mount_target_created"] is True
    system.assert_healed("acd")


def test_a_mount_target_that_never_becomes_available_is_not_waited_for_for_ever(
    system: EfsAutoscaler, files: Files
) -> None:
    files.many()
    value, deployment = system.list_value(), system.deployment()
    system.aws.mount_targets_become("creating")
    for _ in range(2):
        run = HurriedRun(system)
        with pytest.raises(MountTargetError, match="did not become available"):
            run()
        assert 30 <= run.seconds_left < 300
    assert system.zones() == ["a", "c", "d"], "the second run has not created another"
    assert (system.list_value(), system.deployment()) == (value, deployment)
    system.aws.mount_targets_become("available")
    assert system.invoke().payload["deployment_triggered"] is True
    system.assert_healed("acd")


def test_a_mount_target_that_fails_is_not_listed(system: EfsAutoscaler, files: Files) -> None:
    files.many()
    value, deployment = system.list_value(), system.deployment()
    system.aws.mount_targets_become("error")
    answer = system.invoke()
    assert answer.failed
    assert "delete it" in answer.message
    assert (system.list_value(), system.deployment()) == (value, deployment)


def test_a_list_that_can_t_be_written_leaves_the_service_alone(
    system: EfsAutoscaler, files: Files
) -> None:
    files.many()
    value, deployment = system.list_value(), system.deployment()
    with failing(system, "ssm.PutParameter", "AccessDeniedException"):
        answer = system.invoke()
    assert answer.failed
    assert "/app/efs/mount-targets" in answer.message
    assert (system.list_value(), system.deployment()) == (value, deployment)
    again = system.invoke().payload
    assert again["new_mount_target_created"] is False
    assert again["deployment_triggered"] is True
    system.assert_healed("acd")


def test_a_service_that_can_t_be_updated_is_deployed_by_the_next_run_below_the_threshold_too(
    system: EfsAutoscaler, files: Files
) -> None:
    files.many()
    deployment = system.deployment()
    with failing(system, "ecs.UpdateService", "ServerException", 500):
        answer = system.invoke()
    assert answer.failed
    assert len(system.listed()) == 3, "the list is right"
    assert system.deployment() == deployment
    files.none()
    assert system.invoke().payload["deployment_triggered"] is True
    system.assert_healed("acd")


def test_a_service_that_is_absent_is_deployed_once_it_is_there(
    system: EfsAutoscaler, files: Files
) -> None:
    files.many()
    with absent_service(system):
        answer = system.invoke()
        assert answer.failed
        assert FUNCTION in answer.message
        assert len(system.listed()) == 3, "the list is right"
    system.assert_healed("acd")  # a new service has read the list already


def test_throttling_of_every_fifth_call_changes_nothing_but_the_time(
    system: EfsAutoscaler, files: Files
) -> None:
    files.many()
    services = ("efs.*", "ec2.*", "ssm.*", "ecs.*")
    with system.aws.faults(*services, code=THROTTLED, share=0.2, role=FUNCTION) as faults:
        answers = [system.invoke() for _ in range(3)]
        assert [answer.failed for answer in answers] == [False] * 3
        assert faults.answered > 0
    assert [answer.payload["new_mount_target_created"] for answer in answers] == [
        True,
        False,
        False,
    ]
    system.assert_healed("acd")


@contextmanager
def absent_service(system: EfsAutoscaler) -> Iterator[None]:
    """The service deleted, and made again as it was."""
    ecs, was = system.client("ecs"), system.service()
    tags = ecs.list_tags_for_resource(resourceArn=was["serviceArn"])["tags"]
    kept = (
        "taskDefinition", "desiredCount", "capacityProviderStrategy", "networkConfiguration",
        "deploymentConfiguration", "propagateTags",
    )  # fmt: skip
    ecs.delete_service(cluster=FUNCTION, service=FUNCTION, force=True)
    try:
        yield
    finally:
        same = {name: was[name] for name in kept if name in was}
        ecs.create_service(cluster=FUNCTION, serviceName=FUNCTION, tags=tags, **same)
