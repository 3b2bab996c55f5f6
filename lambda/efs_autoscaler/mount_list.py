"""The list of mount targets that containers read when they start (SSM Parameter Store)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from efs_autoscaler.mount_targets import MountTarget

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

_FIELDS = {field.name for field in fields(MountTarget)}
_ALSO = "lifecycle_state"  # may join an entry


class GarbledListError(ValueError):
    """A value that is no list of mount targets."""


@dataclass(frozen=True)
class Published:
    """What the parameter holds."""

    targets: tuple[MountTarget, ...] = ()
    written_at: datetime | None = None  # None: never yet, or this very moment
    complaint: str | None = None  # why it must be written anew


def encode(targets: Sequence[MountTarget]) -> str:
    """The list as containers read it."""
    return json.dumps({"mount_targets": [asdict(target) for target in targets]})


def decode(value: str) -> tuple[MountTarget, ...]:
    """The list that a value holds.

    Raises:
        GarbledListError: it is something else.
    """
    try:
        content = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise GarbledListError(f"it is no JSON: {error}") from error
    if not isinstance(content, dict) or set(content) != {"mount_targets"}:
        raise GarbledListError("it is no object with mount_targets and nothing else")
    entries = content["mount_targets"]
    if not isinstance(entries, list):
        raise GarbledListError("mount_targets is no list")
    targets = tuple(_target(entry) for entry in entries)
    if len({target.mount_target_id for target in targets}) < len(targets):
        raise GarbledListError("it names a mount target twice")
    return targets


def _target(entry: Any) -> MountTarget:
    if not isinstance(entry, dict) or set(entry) - {_ALSO} != _FIELDS:
        raise GarbledListError(f"an entry has other fields than {', '.join(sorted(_FIELDS))}")
    if not all(isinstance(value, str) for value in entry.values()):
        raise GarbledListError("an entry has a field that is no text")
    return MountTarget(**{name: entry[name] for name in _FIELDS})


def read(ssm: SSMClient, parameter: str) -> Published:
    """What containers that start now are told."""
    try:
        found = ssm.get_parameter(Name=parameter)["Parameter"]
    except ssm.exceptions.ParameterNotFound:
        return Published(complaint="it doesn't exist")
    try:
        return Published(decode(found["Value"]), found["LastModifiedDate"])
    except GarbledListError as error:
        return Published(written_at=found["LastModifiedDate"], complaint=str(error))


def write(ssm: SSMClient, parameter: str, targets: Sequence[MountTarget]) -> None:
    """Tell containers that start from now on."""
    ssm.put_parameter(Name=parameter, Value=encode(targets), Type="String", Overwrite=True)
