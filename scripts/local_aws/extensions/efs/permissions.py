"""Permissions: EFS makes and deletes a mount target's network interface in its caller's name.

https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.backends import get_backend
from moto.efs.models import MountTarget
from moto.efs.responses import EFSResponse

from scripts.local_aws.account import ACCOUNT, PARTITION
from scripts.local_aws.iam.conditions import Context
from scripts.local_aws.iam.decisions import may
from scripts.local_aws.iam.enforcement import AccessDeniedError
from scripts.local_aws.iam.sessions import of_key
from scripts.local_aws.patching import replace

_create = EFSResponse.create_mount_target
_delete = EFSResponse.delete_mount_target


@replace(EFSResponse)
def create_mount_target(self: EFSResponse) -> Any:
    """Create a mount target for somebody who may create its network interface."""
    groups = self._get_param("SecurityGroups") or []
    about = [
        f"subnet/{self._get_param('SubnetId')}",
        "network-interface/*",
        *(f"security-group/{group}" for group in groups),
    ]
    _check(self, "ec2:DescribeSubnets", ["*"])
    _check(self, "ec2:DescribeNetworkInterfaces", ["*"])
    _check(self, "ec2:CreateNetworkInterface", [_arn(self, each) for each in about])
    return _create(self)


@replace(EFSResponse)
def delete_mount_target(self: EFSResponse) -> Any:
    """Delete a mount target for somebody who may delete its network interface."""
    target = self.efs_backend.mount_targets_by_id.get(self._get_param("MountTargetId"))
    if target:
        interface = _arn(self, f"network-interface/{target.network_interface_id}")
        _check(self, "ec2:DeleteNetworkInterface", [interface], {"ec2:vpc": _vpc(self, target)})
    return _delete(self)


def _vpc(request: EFSResponse, target: MountTarget) -> str:
    subnet = get_backend("ec2")[ACCOUNT][request.region].get_subnet(target.subnet_id)
    return _arn(request, f"vpc/{subnet.vpc_id}")


def _arn(request: EFSResponse, resource: str) -> str:
    return f"arn:{PARTITION}:ec2:{request.region}:{ACCOUNT}:{resource}"


def _check(
    request: EFSResponse, action: str, resources: Iterable[str], context: Context | None = None
) -> None:
    session = of_key(request.get_access_key())
    if session is None:
        return
    for resource in resources:
        refusal = may(session, action, resource, context)
        if refusal:
            raise AccessDeniedError(
                "efs",
                f"User: {session.arn} is not authorized to perform: {action} "
                f"on resource: {resource} {refusal}",
            )
