"""The role may do what runs need and nothing else; a permission that is missing is missed."""

import pytest

from tests.system.efs_autoscaler.conftest import Files
from tests.system.efs_autoscaler.system import FUNCTION, EfsAutoscaler
from tests.system.role import Role
from tests.system.system import eventually

# AWS does these in the controller's name, where no call of ours shows them, or only where there is
# a network to attach to: the local AWS has none.
BEHIND_THE_SCENES = {
    "ec2:CreateNetworkInterface": "CreateMountTarget; Lambda, to attach to the VPC",
    "ec2:DescribeNetworkInterfaces": "CreateMountTarget; Lambda",
    "ec2:DeleteNetworkInterface": "Lambda",
    "ec2:AssignPrivateIpAddresses": "Lambda",
    "ec2:UnassignPrivateIpAddresses": "Lambda",
}


def test_every_permission_is_used_or_explained_and_every_call_allowed(
    system: EfsAutoscaler, files: Files
) -> None:
    files.many()
    refused = {record for record in system.aws.iam_records() if not record.allowed}
    assert not system.invoke().failed
    assert {record for record in system.aws.iam_records() if not record.allowed} == refused
    system.function.send("poison")
    eventually(system.function.dead_letters, "the poison event is in the dead-letter queue")
    role = Role(system.aws, FUNCTION)
    assert role.granted() - role.used() <= set(BEHIND_THE_SCENES)


@pytest.mark.parametrize(
    ("action", "listed"),
    [
        ("elasticfilesystem:DescribeMountTargets", 2),
        ("elasticfilesystem:DescribeFileSystems", 2),
        ("elasticfilesystem:CreateMountTarget", 2),
        ("ec2:DescribeSubnets", 2),
        ("ssm:GetParameter", 2),
        ("ecs:DescribeServices", 3),
    ],
)
def test_without_a_permission_the_run_fails_and_names_it(
    system: EfsAutoscaler, files: Files, action: str, listed: int
) -> None:
    files.many()
    deployment = system.deployment()
    with Role(system.aws, FUNCTION).without(action):
        answer = system.invoke()
    assert answer.failed
    assert action in answer.message
    assert len(system.listed()) == listed
    assert system.deployment() == deployment


def test_the_container_may_read_the_list_and_nothing_else(system: EfsAutoscaler) -> None:
    role = system.outputs["service"]["task_role"]["name"]
    ssm = system.aws.client_as(role, "ssm")
    assert ssm.get_parameter(Name="/app/efs/mount-targets")["Parameter"]["Value"]
    with pytest.raises(ssm.exceptions.ClientError, match="AccessDenied"):
        ssm.put_parameter(Name="/app/efs/mount-targets", Value="{}", Overwrite=True)
