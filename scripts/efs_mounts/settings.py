"""What the container is told by its environment."""

from __future__ import annotations

import json
import pwd
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .targets import ListError, Target, targets_of

EC2 = "EC2"
FARGATE = "FARGATE"
_MOUNT_SECONDS = 60.0
"""Of this the helper's own first try takes 15 s; a mount of EFS that works takes 1 s."""


class SettingsError(ValueError):
    """A setting is missing or wrong; the message says which and what to write."""


@dataclass(frozen=True)
class Settings:
    """How the container reaches its file system.

    Attributes:
        launch_type: `EC2`: mounts are made here. `FARGATE`: the platform has made them.
        file_system: id, such as `fs-0123456789abcdef0`.
        access_point: id, such as `fsap-0123456789abcdef0`; empty: the file system's own root.
        region: such as `ap-northeast-1`; empty: the mount helper finds out.
        parameter: name of the SSM parameter with the list.
        default_targets: used while the parameter can't be read.
        mount_root: folder of the mount points.
        mount_seconds: how long one mount may take.
        user: name of the user that root starts the application as; empty: as this process.
    """

    launch_type: str
    file_system: str
    access_point: str
    region: str
    parameter: str
    default_targets: tuple[Target, ...]
    mount_root: Path
    mount_seconds: float
    user: str


def read(environment: Mapping[str, str]) -> Settings:
    """Settings by the names that docs/efs-autoscaler.md lists.

    Raises:
        SettingsError: one is missing or wrong.
    """
    launch_type = environment.get("LAUNCH_TYPE") or EC2
    if launch_type not in (EC2, FARGATE):
        raise SettingsError(f"LAUNCH_TYPE is {launch_type!r}: give {EC2} or {FARGATE}")
    mounts_here = launch_type == EC2
    return Settings(
        launch_type=launch_type,
        file_system=_required(environment, "EFS_FILE_SYSTEM_ID") if mounts_here else "",
        access_point=environment.get("EFS_ACCESS_POINT_ID", "").strip(),
        region=environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or "",
        parameter=_required(environment, "SSM_PARAMETER_NAME") if mounts_here else "",
        default_targets=_default_targets(environment.get("EFS_DEFAULT_TARGETS") or "[]"),
        mount_root=Path(environment.get("EFS_MOUNT_ROOT") or "/mnt"),
        mount_seconds=_seconds(environment.get("EFS_MOUNT_SECONDS") or str(_MOUNT_SECONDS)),
        user=_user(environment.get("APP_USER", "").strip()),
    )


def _required(environment: Mapping[str, str], name: str) -> str:
    if not (value := environment.get(name, "").strip()):
        raise SettingsError(f"{name} is not set: give it in the task definition's environment")
    return value


def _user(name: str) -> str:
    if name and name not in {entry.pw_name for entry in pwd.getpwall()}:
        raise SettingsError(f"APP_USER is {name!r}: the image has no such user")
    return name


def _default_targets(text: str) -> tuple[Target, ...]:
    try:
        return targets_of(json.loads(text))
    except (ValueError, ListError) as error:
        raise SettingsError(f"EFS_DEFAULT_TARGETS can't be read: {error}") from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise SettingsError(f"EFS_MOUNT_SECONDS is {text!r}: give seconds, at most 3600")
    return seconds
