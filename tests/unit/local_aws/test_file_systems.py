"""A function sees the files of its EFS file system at its mount path, if AWS would let it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAws
from tests.unit.local_aws.workshop import LOGS, Function, Workshop, allow, arn, eventually, unique

NETWORK = allow(
    [
        "ec2:AssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:UnassignPrivateIpAddresses",
    ],
    "*",
)
MOUNT, WRITE = "elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"
LIST = """
import os
def run(event, context):
    if event:
        open("/mnt/files/" + event, "w").close()
    return sorted(os.listdir("/mnt/files"))
"""


@dataclass(frozen=True)
class Place:
    """A file system with a mount target in zone a, an access point, and subnets in a and c."""

    workshop: Workshop
    file_system: str
    access_point: str
    mount_target: str
    subnets: list[str]

    @property
    def aws(self) -> LocalAws:
        return self.workshop.aws

    @property
    def folder(self) -> Path:
        """What the access point shows."""
        return self.aws.file_system_folder(self.file_system) / "app"

    @property
    def arn(self) -> str:
        return arn("elasticfilesystem", f"file-system/{self.file_system}")

    def function(self, *allowed: str, path: str = "/mnt/files", zones: int = 1) -> Function:
        """A function with this file system, in so many zones, whose role may do this with it."""
        rights = [allow(list(allowed), self.arn)] if allowed else []
        return self.workshop.function(
            LIST,
            role=self.workshop.role(LOGS, NETWORK, *rights),
            FileSystemConfigs=[{"Arn": self.access_point, "LocalMountPath": path}],
            VpcConfig={"SubnetIds": self.subnets[:zones], "SecurityGroupIds": ["sg-1"]},
        )


@pytest.fixture(scope="module")
def place(workshop: Workshop) -> Place:
    """A place whose mount target is available."""
    ec2, efs = workshop.aws.client("ec2"), workshop.aws.client("efs")
    vpc = ec2.create_vpc(CidrBlock="10.50.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.50.{n}.0/24", AvailabilityZone=f"ap-northeast-1{zone}"
        )["Subnet"]["SubnetId"]
        for n, zone in enumerate("ac")
    ]
    system = efs.create_file_system(CreationToken=unique("token"))["FileSystemId"]
    owner = {"OwnerUid": 1000, "OwnerGid": 1000, "Permissions": "0755"}
    point = efs.create_access_point(
        FileSystemId=system, RootDirectory={"Path": "/app", "CreationInfo": owner}
    )["AccessPointArn"]
    target = efs.create_mount_target(FileSystemId=system, SubnetId=subnets[0])["MountTargetId"]
    eventually(lambda: is_available(workshop.aws, target))
    return Place(workshop, system, point, target, subnets)


def is_available(aws: LocalAws, target: str) -> bool:
    """Whether a mount target is."""
    [found] = aws.client("efs").describe_mount_targets(MountTargetId=target)["MountTargets"]
    return bool(found["LifeCycleState"] == "available")


def test_a_function_shares_the_files_of_its_file_system(place: Place) -> None:
    function = place.function(MOUNT, WRITE)
    function.invoke("written")

    (place.folder / "added").touch()

    assert function.invoke("").payload == ["added", "written"]
    assert not Path("/mnt/files").exists()


def test_without_client_write_files_can_only_be_read(place: Place) -> None:
    function = place.function(MOUNT)

    assert "Read-only file system" in function.invoke("more").payload["errorMessage"]
    assert "more" not in function.invoke("").payload


def test_without_client_mount_a_function_does_not_start(place: Place) -> None:
    function = place.function(WRITE)

    with pytest.raises(ClientError, match=r"\(EFSMountFailureException\).*ClientMount"):
        function.invoke("")

    [refused] = function.records(MOUNT)
    assert not refused.allowed


def test_an_event_for_it_is_tried_again_and_ends_as_a_dead_letter(place: Place) -> None:
    queue = place.workshop.queue()
    role = place.workshop.role(LOGS, NETWORK, allow("sqs:SendMessage", queue.arn))
    function = place.function(MOUNT)
    place.aws.client("lambda").update_function_configuration(
        FunctionName=function.name,
        Role=f"arn:aws:iam::123456789012:role/{role}",
        DeadLetterConfig={"TargetArn": queue.arn},
    )

    function.invoke("event", InvocationType="Event")

    assert json.loads(queue.message()["Body"]) == "event"


def test_a_file_system_out_of_reach_is_not_mounted(place: Place) -> None:
    function = place.function(MOUNT)
    place.aws.client("efs").delete_mount_target(MountTargetId=place.mount_target)
    try:
        with pytest.raises(ClientError, match=r"\(EFSMountConnectivityException\)"):
            function.invoke("")
    finally:
        eventually(lambda: is_gone(place))
        made = place.aws.client("efs").create_mount_target(
            FileSystemId=place.file_system, SubnetId=place.subnets[0]
        )
        eventually(lambda: is_available(place.aws, made["MountTargetId"]))


def is_gone(place: Place) -> bool:
    """Whether the file system has no mount target any more."""
    efs = place.aws.client("efs")
    return not efs.describe_mount_targets(FileSystemId=place.file_system)["MountTargets"]


def test_the_file_system_of_a_function_is_kept(place: Place) -> None:
    function = place.function(MOUNT)
    client = place.aws.client("lambda")
    expected = [{"Arn": place.access_point, "LocalMountPath": "/mnt/files"}]

    client.update_function_configuration(FunctionName=function.name, Timeout=20)

    described = client.get_function_configuration(FunctionName=function.name)
    assert described["FileSystemConfigs"] == expected
    published = client.publish_version(FunctionName=function.name)
    assert published["FileSystemConfigs"] == expected


def test_a_file_system_can_be_taken_away(place: Place) -> None:
    function = place.function(MOUNT)
    client = place.aws.client("lambda")

    client.update_function_configuration(FunctionName=function.name, FileSystemConfigs=[])

    described = client.get_function_configuration(FunctionName=function.name)
    assert "FileSystemConfigs" not in described
    assert function.invoke("").error


def test_a_mount_path_is_directly_in_mnt(place: Place) -> None:
    for path in ("/mnt/a/b", "/mnt", "/mnt/ä", "/efs/files"):
        with pytest.raises(ClientError, match=r"localMountPath|LocalMountPath"):
            place.function(MOUNT, path=path)


def test_every_zone_of_a_function_needs_a_mount_target(place: Place) -> None:
    with pytest.raises(ClientError, match=r"mount targets for availability zones .*-1c"):
        place.function(MOUNT, zones=2)


def test_a_function_outside_a_vpc_has_no_file_system(place: Place) -> None:
    configs = [{"Arn": place.access_point, "LocalMountPath": "/mnt/files"}]
    with pytest.raises(ClientError, match="must be configured to execute in a VPC"):
        place.workshop.function(FileSystemConfigs=configs)


def test_an_access_point_must_exist(place: Place) -> None:
    absent = arn("elasticfilesystem", "access-point/fsap-0123456789abcdef0")
    configs = [{"Arn": absent, "LocalMountPath": "/mnt/files"}]
    network = {"SubnetIds": place.subnets[:1], "SecurityGroupIds": ["sg-1"]}
    role = place.workshop.role(LOGS, NETWORK)
    with pytest.raises(ClientError, match="does not exist"):
        place.workshop.function(role=role, FileSystemConfigs=configs, VpcConfig=network)
