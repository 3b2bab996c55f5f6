"""Mount targets: one for each zone, in time, with a network interface that is in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAws
from tests.unit.local_aws.workshop import Workshop, allow, arn, eventually, unique


@dataclass(frozen=True)
class Network:
    """A VPC with three subnets in two zones: two in a, one in c."""

    aws: LocalAws
    subnets: list[str]
    group: str

    def file_system(self) -> str:
        """A file system; returns its id."""
        made = self.aws.client("efs").create_file_system(CreationToken=unique("token"))
        return str(made["FileSystemId"])

    def mount_target(self, file_system: str, subnet: int = 0, **settings: Any) -> dict[str, Any]:
        """Ask for a mount target; returns the answer."""
        settings = {"SecurityGroups": [self.group], **settings}
        made: dict[str, Any] = self.aws.client("efs").create_mount_target(
            FileSystemId=file_system, SubnetId=self.subnets[subnet], **settings
        )
        return made

    def states(self, file_system: str) -> list[str]:
        """The states of the mount targets of a file system."""
        return [each["LifeCycleState"] for each in self.targets(file_system)]

    def targets(self, file_system: str) -> list[dict[str, Any]]:
        """All mount targets of a file system, one page after the other."""
        pages = self.aws.client("efs").get_paginator("describe_mount_targets")
        asked = pages.paginate(FileSystemId=file_system, PaginationConfig={"PageSize": 1})
        return [each for page in asked for each in page["MountTargets"]]


@pytest.fixture(scope="module")
def network(aws: LocalAws) -> Network:
    """A network for mount targets."""
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.40.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(
            VpcId=vpc, CidrBlock=f"10.40.{n}.0/24", AvailabilityZone=f"ap-northeast-1{zone}"
        )["Subnet"]["SubnetId"]
        for n, zone in enumerate("aac")
    ]
    group = ec2.create_security_group(VpcId=vpc, GroupName="efs", Description="NFS")["GroupId"]
    return Network(aws, subnets, group)


@pytest.fixture
def held(aws: LocalAws) -> Iterator[None]:
    """No mount target becomes available while the test lasts."""
    aws.mount_targets_become("creating")
    yield
    aws.mount_targets_become("available")


def refused(code: str) -> AbstractContextManager[pytest.ExceptionInfo[ClientError]]:
    """AWS refuses what is asked in the block, for this reason."""
    return pytest.raises(ClientError, match=rf"\({code}\)")


@pytest.mark.usefixtures("held")
def test_a_mount_target_is_created_before_it_is_available(network: Network) -> None:
    system = network.file_system()

    made = network.mount_target(system)

    assert made["LifeCycleState"] == "creating"
    assert made["AvailabilityZoneName"] == "ap-northeast-1a"
    assert made["IpAddress"].startswith("10.40.0.")
    assert network.states(system) == ["creating"]
    network.aws.mount_targets_become("available")
    eventually(lambda: network.states(system) == ["available"])


@pytest.mark.usefixtures("held")
def test_a_mount_target_can_end_in_error(network: Network) -> None:
    system = network.file_system()
    network.mount_target(system)

    network.aws.mount_targets_become("error")

    eventually(lambda: network.states(system) == ["error"])


def test_what_is_available_stays_so(network: Network) -> None:
    system = network.file_system()
    network.mount_target(system)
    eventually(lambda: network.states(system) == ["available"])

    network.aws.mount_targets_become("creating")
    try:
        assert network.states(system) == ["available"]
    finally:
        network.aws.mount_targets_become("available")


def test_a_zone_has_one_mount_target(network: Network) -> None:
    system = network.file_system()
    network.mount_target(system, 0)

    for subnet in (0, 1):
        with refused("MountTargetConflict"):
            network.mount_target(system, subnet)

    network.mount_target(system, 2)
    zones = {each["AvailabilityZoneName"] for each in network.targets(system)}
    assert zones == {"ap-northeast-1a", "ap-northeast-1c"}


def test_what_does_not_exist_is_named(network: Network) -> None:
    efs, system = network.aws.client("efs"), network.file_system()
    asked: list[tuple[str, Callable[[], Any]]] = [
        ("FileSystemNotFound", lambda: network.mount_target("fs-12345678")),
        (
            "SecurityGroupNotFound",
            lambda: network.mount_target(system, SecurityGroups=["sg-12345678"]),
        ),
        (
            "SubnetNotFound",
            lambda: efs.create_mount_target(FileSystemId=system, SubnetId="subnet-12345678"),
        ),
        (
            "MountTargetNotFound",
            lambda: efs.describe_mount_targets(MountTargetId="fsmt-12345678"),
        ),
    ]

    for code, ask in asked:
        with refused(code):
            ask()
    assert network.targets(system) == []


def test_its_network_interface_is_in_the_subnet(network: Network) -> None:
    made = network.mount_target(network.file_system(), 2)

    interfaces = network.aws.client("ec2").describe_network_interfaces(
        NetworkInterfaceIds=[made["NetworkInterfaceId"]]
    )["NetworkInterfaces"]

    [interface] = interfaces
    assert interface["PrivateIpAddress"] == made["IpAddress"]
    assert interface["SubnetId"] == network.subnets[2]
    assert [each["GroupId"] for each in interface["Groups"]] == [network.group]
    assert made["MountTargetId"] in interface["Description"]
    assert interface["RequesterManaged"]


def test_without_groups_it_is_in_the_default_group(network: Network) -> None:
    made = network.mount_target(network.file_system(), SecurityGroups=[])

    groups = network.aws.client("efs").describe_mount_target_security_groups(
        MountTargetId=made["MountTargetId"]
    )["SecurityGroups"]

    assert len(groups) == 1
    assert groups != [network.group]


def test_a_deleted_one_is_in_the_way_until_it_is_gone(network: Network) -> None:
    efs, ec2 = network.aws.client("efs"), network.aws.client("ec2")
    system = network.file_system()
    made = network.mount_target(system)
    with refused("FileSystemInUse"):
        efs.delete_file_system(FileSystemId=system)
    with refused("DependencyViolation"):
        ec2.delete_subnet(SubnetId=network.subnets[0])

    efs.delete_mount_target(MountTargetId=made["MountTargetId"])

    assert network.states(system) == ["deleting"]
    eventually(lambda: network.states(system) == [])
    with refused("InvalidNetworkInterfaceID.NotFound"):
        ec2.describe_network_interfaces(NetworkInterfaceIds=[made["NetworkInterfaceId"]])
    efs.delete_file_system(FileSystemId=system)


def test_a_file_system_has_a_folder_as_long_as_it_exists(network: Network) -> None:
    system = network.file_system()
    folder = network.aws.file_system_folder(system)
    (folder / "file").write_text("text")

    network.aws.client("efs").delete_file_system(FileSystemId=system)

    assert not folder.exists()


def test_a_role_needs_rights_for_its_network_interface(
    network: Network, workshop: Workshop
) -> None:
    system = network.file_system()
    allowed = allow("elasticfilesystem:CreateMountTarget", "*")
    role = workshop.role(allowed)
    efs = workshop.aws.client_as(role, "efs")
    wanted = {
        "FileSystemId": system,
        "SubnetId": network.subnets[0],
        "SecurityGroups": [network.group],
    }

    with pytest.raises(ClientError, match=r"AccessDenied.*ec2:DescribeSubnets"):
        efs.create_mount_target(**wanted)

    looking = allow(["ec2:DescribeSubnets", "ec2:DescribeNetworkInterfaces"], "*")
    creating = [
        arn("ec2", f"subnet/{network.subnets[0]}"),
        arn("ec2", f"security-group/{network.group}"),
        arn("ec2", "network-interface/*"),
    ]
    workshop.grant(role, allowed, looking, allow("ec2:CreateNetworkInterface", *creating))
    assert efs.create_mount_target(**wanted)["LifeCycleState"] == "creating"
    with pytest.raises(ClientError, match=r"ec2:CreateNetworkInterface.*subnet/"):
        efs.create_mount_target(**(wanted | {"SubnetId": network.subnets[2]}))


def test_a_role_may_be_kept_to_the_network_interfaces_of_a_vpc(
    network: Network, workshop: Workshop
) -> None:
    [subnet] = network.aws.client("ec2").describe_subnets(SubnetIds=[network.subnets[0]])["Subnets"]
    deleting = allow("elasticfilesystem:DeleteMountTarget", "*")
    role = workshop.role(deleting)
    efs = workshop.aws.client_as(role, "efs")

    def keep_to(vpc: str) -> None:
        within = {"ArnEquals": {"ec2:Vpc": arn("ec2", f"vpc/{vpc}")}}
        interfaces = {**allow("ec2:DeleteNetworkInterface", "*"), "Condition": within}
        workshop.grant(role, deleting, interfaces)

    made = network.mount_target(network.file_system())["MountTargetId"]
    keep_to("vpc-other")
    with pytest.raises(ClientError, match=r"AccessDenied.*ec2:DeleteNetworkInterface"):
        efs.delete_mount_target(MountTargetId=made)
    keep_to(subnet["VpcId"])
    efs.delete_mount_target(MountTargetId=made)
