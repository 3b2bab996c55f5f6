"""The mount targets of a file system, and the subnets that could hold another (EFS, EC2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from batchworks.errors import JobError, SettingsError

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ec2.type_defs import SubnetTypeDef
    from mypy_boto3_efs import EFSClient
    from mypy_boto3_efs.type_defs import MountTargetDescriptionTypeDef

# https://docs.aws.amazon.com/efs/latest/ug/API_MountTargetDescription.html
AVAILABLE = "available"
_ON_THE_WAY = {"creating", "updating"}
_POLL_SECONDS = 3.0


class MountTargetError(JobError):
    """The file system's mount targets aren't as they must be."""


@dataclass(frozen=True)
class MountTarget:
    """One network path to the file system; a zone has one at most."""

    mount_target_id: str
    ip_address: str
    availability_zone: str
    subnet_id: str


@dataclass(frozen=True)
class Observed:
    """A mount target with its state of life."""

    target: MountTarget
    state: str


@dataclass(frozen=True)
class Subnet:
    """A place for a mount target."""

    subnet_id: str
    availability_zone: str
    free_addresses: int


def require_file_system(efs: EFSClient, file_system_id: str) -> str | None:
    """Make sure that the file system can be given a mount target.

    Returns:
        The zone of a One Zone file system, which can have no mount target elsewhere.

    Raises:
        MountTargetError: it isn't available.
    """
    [found] = efs.describe_file_systems(FileSystemId=file_system_id)["FileSystems"]
    if found["LifeCycleState"] not in {AVAILABLE, "updating"}:
        raise MountTargetError(
            f"the file system {file_system_id} is {found['LifeCycleState']}, not available"
        )
    return found.get("AvailabilityZoneName")


def observe(efs: EFSClient, file_system_id: str) -> list[Observed]:
    """Every mount target of the file system, whatever its state."""
    pages = efs.get_paginator("describe_mount_targets").paginate(FileSystemId=file_system_id)
    return [_observed(found) for page in pages for found in page["MountTargets"]]


def subnets(ec2: EC2Client, vpc_id: str, subnet_ids: Sequence[str]) -> list[Subnet]:
    """The subnets that may hold a mount target.

    Args:
        ec2: the client.
        vpc_id: the VPC of the mount targets.
        subnet_ids: those that may; none: all of the VPC.

    Raises:
        SettingsError: one that is named belongs to another VPC.
    """
    pages = ec2.get_paginator("describe_subnets")
    if not subnet_ids:
        wanted: Any = [{"Name": "vpc-id", "Values": [vpc_id]}]
        found = [each for page in pages.paginate(Filters=wanted) for each in page["Subnets"]]
    else:
        named = pages.paginate(SubnetIds=list(subnet_ids))
        found = [each for page in named for each in page["Subnets"]]
    if strangers := [each["SubnetId"] for each in found if each["VpcId"] != vpc_id]:
        raise SettingsError(
            f"SUBNET_IDS names {', '.join(strangers)}, which are not in the VPC {vpc_id}: "
            "mount targets of one file system lie in one VPC"
        )
    return [_subnet(each) for each in found if not each.get("Ipv6Native")]


def create(
    efs: EFSClient, file_system_id: str, subnet: Subnet, security_group_id: str
) -> str | None:
    """Create a mount target.

    Returns:
        Its id, or None when somebody else was faster in this zone.
    """
    try:
        created = efs.create_mount_target(
            FileSystemId=file_system_id,
            SubnetId=subnet.subnet_id,
            SecurityGroups=[security_group_id],
        )
    except efs.exceptions.MountTargetConflict:
        zones = {each.target.availability_zone for each in observe(efs, file_system_id)}
        if subnet.availability_zone not in zones:
            raise
        return None
    return created["MountTargetId"]


def settled(
    efs: EFSClient,
    file_system_id: str,
    time_left: Callable[[], float],
    pause: Callable[[float], None],
    expected: str | None = None,
) -> list[Observed]:
    """Wait until no mount target is being created.

    Args:
        efs: the client.
        file_system_id: whose mount targets.
        time_left: seconds after which waiting is given up.
        pause: waits for so many seconds.
        expected: id of a mount target that must be available in the end.

    Raises:
        MountTargetError: one is still being created when time is up, or `expected` has failed.
    """
    while True:
        found = observe(efs, file_system_id)
        states = {each.target.mount_target_id: each.state for each in found}
        waiting = [each for each, state in states.items() if state in _ON_THE_WAY]
        if expected and expected not in states:
            waiting.append(expected)  # AWS's lists follow later
        if not waiting:
            break
        if time_left() <= _POLL_SECONDS:
            raise MountTargetError(
                f"the mount target {', '.join(waiting)} of {file_system_id} did not become "
                "available in the time there is: the next run waits for it again; if it never "
                "does, delete it"
            )
        pause(_POLL_SECONDS)
    if expected and states[expected] != AVAILABLE:
        raise MountTargetError(
            f"the mount target {expected} of {file_system_id} is {states[expected]} instead of "
            "available: delete it, the next run creates another"
        )
    return found


def _observed(found: MountTargetDescriptionTypeDef) -> Observed:
    target = MountTarget(
        mount_target_id=found["MountTargetId"],
        ip_address=found.get("IpAddress", ""),
        availability_zone=found.get("AvailabilityZoneName", ""),
        subnet_id=found["SubnetId"],
    )
    return Observed(target, found["LifeCycleState"])


def _subnet(found: SubnetTypeDef) -> Subnet:
    return Subnet(found["SubnetId"], found["AvailabilityZone"], found["AvailableIpAddressCount"])
