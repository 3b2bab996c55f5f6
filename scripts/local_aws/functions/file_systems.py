"""The EFS file system of a function: whether it can be mounted, and which folder it is.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-filesystem.html
"""

from __future__ import annotations

from pathlib import Path

from moto.ec2.models import ec2_backends
from moto.efs.models import AccessPoint, EFSBackend, efs_backends

from scripts.local_aws.account import ACCOUNT
from scripts.local_aws.file_systems import FILE_SYSTEMS
from scripts.local_aws.functions.function import Function
from scripts.local_aws.functions.namespace import Mount
from scripts.local_aws.iam.decisions import may, refusal_of
from scripts.local_aws.mount_targets import MOUNT_TARGETS

MOUNT_ERRORS = {"EFSMountConnectivityException", "EFSMountFailureException"}


class MountError(Exception):
    """A function's file system can't be mounted.

    Attributes:
        kind: Lambda's name of the error.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def mount_of(function: Function) -> Mount | None:
    """What a new process of a function must see; None without a file system.

    Raises:
        MountError: The access point is gone, no mount target can be reached, or the role may not
            mount.
    """
    if function.file_system is None:
        return None
    arn, path = function.file_system.access_point, function.file_system.path
    backend = efs_backends[ACCOUNT][function.region]
    point = backend.access_points.get(arn.rsplit("/", 1)[-1])
    if point is None or point.file_system_id not in backend.file_systems_by_id:
        raise MountError("EFSMountFailureException", f"The access point {arn} does not exist.")
    _check_connection(function, point, backend)
    read_only = not _may_write(function, point, backend)
    return Mount(_folder(point), Path(path), read_only)


def reachable_zones(backend: EFSBackend, file_system_id: str) -> set[str]:
    """The availability zones where a file system has an available mount target."""
    targets = backend.file_systems_by_id[file_system_id].iter_mount_targets()
    return {
        each.availability_zone_name
        for each in targets
        if MOUNT_TARGETS.state(each.mount_target_id) == "available"
    }


def zones_of(subnets: tuple[str, ...], region: str) -> set[str]:
    """The availability zones of subnets."""
    found = ec2_backends[ACCOUNT][region].describe_subnets(subnet_ids=list(subnets))
    return {each.availability_zone for each in found}


def _check_connection(function: Function, point: AccessPoint, backend: EFSBackend) -> None:
    zones = zones_of(function.subnets, function.region)
    if not zones & reachable_zones(backend, point.file_system_id):
        raise MountError(
            "EFSMountConnectivityException",
            f"The function couldn't make a network connection to the file system "
            f"{point.file_system_id}: it has no available mount target in {sorted(zones)}.",
        )


def _may_write(function: Function, point: AccessPoint, backend: EFSBackend) -> bool:
    """Whether the role may write to what it may mount; without ClientWrite it may only read."""
    file_system = backend.file_systems_by_id[point.file_system_id].file_system_arn
    context: dict[str, str | None] = {
        "elasticfilesystem:accesspointarn": point.access_point_arn,
        "elasticfilesystem:accessedviamounttarget": "true",
    }
    refusal = may(function.session, "elasticfilesystem:ClientMount", file_system, context)
    if refusal:
        raise MountError(
            "EFSMountFailureException",
            f"The function couldn't mount {file_system}: its role {function.session.role_name} "
            f"may not call elasticfilesystem:ClientMount {refusal}.",
        )
    writing = "elasticfilesystem:ClientWrite"
    if refusal_of(function.session, writing, file_system, context):
        return False
    return may(function.session, writing, file_system, context) is None


def _folder(point: AccessPoint) -> Path:
    """The folder an access point shows; made with the first mount if the access point says how."""
    root = str(point.root_directory.get("Path", "/")).strip("/")
    folder = FILE_SYSTEMS.folder(point.file_system_id)
    if not root:
        return folder
    if "CreationInfo" in point.root_directory:
        (folder / root).mkdir(parents=True, exist_ok=True)
    return folder / root
