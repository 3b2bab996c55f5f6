"""Deletes the mount targets that the controller created, which Terraform doesn't know.

While they exist neither the file system nor their subnets can be destroyed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_efs import EFSClient
    from mypy_boto3_efs.type_defs import MountTargetDescriptionTypeDef
    from mypy_boto3_events import EventBridgeClient

_POLL_SECONDS = 3.0
_GONE_SECONDS = 600.0  # EFS takes a minute or two
_GOING = {"deleting", "deleted"}


class ReleaseError(Exception):
    """The mount targets can't be released."""


@dataclass(frozen=True)
class Known:
    """What Terraform knows of a stack of efs-autoscaler."""

    file_system_id: str
    mount_target_ids: frozenset[str]
    schedule_rules: tuple[str, ...]


def known(outputs: Mapping[str, Any]) -> Known:
    """Read the stack's outputs.

    Raises:
        ReleaseError: they don't say which mount targets Terraform made.
    """
    try:
        return Known(
            outputs["file_system"]["id"],
            frozenset(outputs["mount_targets"].values()),
            tuple(outputs["controller"]["schedule_rule_names"]),
        )
    except KeyError as error:
        raise ReleaseError(
            f"the stack has no output {error}, so nothing is deleted: is it applied? If an apply "
            "was cut off, apply once more; if a destroy was, the module's page says under “Destroy "
            "it” how it goes on"
        ) from error


def stop_schedule(
    events: EventBridgeClient, rules: Iterable[str], say: Callable[[str], None]
) -> None:
    """Let the controller create no more."""
    for rule in rules:
        events.disable_rule(Name=rule)
        say(f"disabled {rule}: the next apply enables it again")


def release(
    efs: EFSClient,
    file_system_id: str,
    keep: Collection[str],
    say: Callable[[str], None],
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Delete every mount target but those to keep, and wait until they are gone.

    One that a run of the controller creates meanwhile is deleted, too.

    Returns:
        How many were deleted.

    Raises:
        ReleaseError: some are still there after ten minutes.
    """
    begun: set[str] = set()
    waited = 0.0
    while strangers := _strangers(efs, file_system_id, keep):
        for each in strangers:
            _delete(efs, each, begun, say)
        if waited >= _GONE_SECONDS:
            left = ", ".join(each["MountTargetId"] for each in strangers)
            raise ReleaseError(f"still there after {waited:.0f} s: {left}. Run this again")
        pause(_POLL_SECONDS)
        waited += _POLL_SECONDS
    return len(begun)


def _strangers(
    efs: EFSClient, file_system_id: str, keep: Collection[str]
) -> list[MountTargetDescriptionTypeDef]:
    pages = efs.get_paginator("describe_mount_targets").paginate(FileSystemId=file_system_id)
    return [
        each
        for page in pages
        for each in page["MountTargets"]
        if each["MountTargetId"] not in keep and each["LifeCycleState"] != "deleted"
    ]


def _delete(
    efs: EFSClient,
    target: MountTargetDescriptionTypeDef,
    begun: set[str],
    say: Callable[[str], None],
) -> None:
    target_id = target["MountTargetId"]
    if target_id in begun:
        return
    begun.add(target_id)
    if target["LifeCycleState"] not in _GOING:
        with suppress(efs.exceptions.MountTargetNotFound):
            efs.delete_mount_target(MountTargetId=target_id)
    zone = target.get("AvailabilityZoneName", "a zone that is not told")
    say(f"deleting {target_id} in {zone}")
