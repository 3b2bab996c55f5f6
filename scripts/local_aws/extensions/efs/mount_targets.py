"""Mount targets: in moto they are there at once and gone at once, so nobody sees one go.

Their network interfaces don't tell whose they are, and without security groups they have none.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from moto.efs.exceptions import MountTargetNotFound
from moto.efs.models import EFSBackend, FileSystem, MountTarget

from scripts.local_aws.mount_targets import MOUNT_TARGETS
from scripts.local_aws.patching import replace

_create = EFSBackend.create_mount_target
_delete = EFSBackend.delete_mount_target
_describe = MountTarget.info_json


@replace(EFSBackend)
def create_mount_target(
    self: EFSBackend,
    file_system_id: str,
    subnet_id: str,
    ip_address: str | None = None,
    security_groups: list[str] | None = None,
) -> MountTarget:
    """Begin to create a mount target; its network interface is there from the beginning."""
    created = _create(self, file_system_id, subnet_id, ip_address, security_groups)
    if not security_groups:
        default = self.ec2_backend.get_default_security_group(created.vpc_id)
        self.modify_mount_target_security_groups(created.mount_target_id, [default.id])
    interface = self.ec2_backend.get_network_interface(created.network_interface_id)
    interface.description = (
        f"Mount target {created.mount_target_id} for file system {file_system_id}"
    )
    interface.requester_id, interface.requester_managed = "EFS", True
    MOUNT_TARGETS.begin(created.mount_target_id)
    return created


@replace(EFSBackend)
def delete_mount_target(self: EFSBackend, mount_target_id: str) -> None:
    """Begin to delete a mount target, which is there and in the way until it is gone."""
    if mount_target_id not in self.mount_targets_by_id:
        raise MountTargetNotFound(mount_target_id)
    if MOUNT_TARGETS.begin_end(mount_target_id):
        timer = threading.Timer(MOUNT_TARGETS.seconds, _end, [self, mount_target_id])
        timer.daemon = True
        timer.start()


def _end(backend: EFSBackend, mount_target_id: str) -> None:
    with suppress(MountTargetNotFound):  # all of the local AWS was forgotten meanwhile
        _delete(backend, mount_target_id)
    MOUNT_TARGETS.forget(mount_target_id)


@replace(FileSystem)
def iter_mount_targets(self: FileSystem) -> Iterator[MountTarget]:
    """The mount targets of this moment: while they are told, one of them may go."""
    return iter(list(self._mount_targets.values()))


@replace(MountTarget)
def info_json(self: MountTarget) -> dict[str, Any]:
    """What AWS tells of a mount target: its groups are told by another action."""
    described = _describe(self)
    described.pop("SecurityGroups")
    return described | {"LifeCycleState": MOUNT_TARGETS.state(self.mount_target_id)}
