"""The list of mount targets that the controller keeps in SSM."""

from __future__ import annotations

import json
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


class ListError(ValueError):
    """A list that isn't one; the message says what is wrong with it."""


@dataclass(frozen=True)
class Target:
    """A mount target: an address of the file system in one availability zone."""

    address: str
    zone: str = "unknown zone"


def read(ssm: SSMClient, parameter: str) -> tuple[Target, ...]:
    """The mount targets in the parameter's order, which is the order of the mounts.

    Args:
        ssm: client.
        parameter: name, such as `/app/efs/mount-targets`.

    Raises:
        ListError: the value is no list of mount targets.
        botocore.exceptions.BotoCoreError, ClientError: the parameter can't be read.
    """
    value = ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
    try:
        targets = targets_of(json.loads(value))
    except (json.JSONDecodeError, ListError) as error:
        raise ListError(f"the value of {parameter} is no list of mount targets: {error}") from None
    if not targets:
        raise ListError(f"the list in {parameter} is empty")
    return targets


def targets_of(value: Any) -> tuple[Target, ...]:
    """Mount targets of a list, or of an object with the list as `mount_targets`.

    Raises:
        ListError: it has another form, or an address is none.
    """
    entries = value.get("mount_targets") if isinstance(value, dict) else value
    if not isinstance(entries, list):
        raise ListError("it has no list “mount_targets”")
    return tuple(_target(entry, number) for number, entry in enumerate(entries))


def _target(entry: Any, number: int) -> Target:
    address = entry.get("ip_address") if isinstance(entry, dict) else None
    try:
        checked = str(ip_address(address if isinstance(address, str) else ""))
    except ValueError:
        raise ListError(f"entry {number} has no valid ip_address: {address!r}") from None
    return Target(checked, str(entry.get("availability_zone") or Target.zone))
