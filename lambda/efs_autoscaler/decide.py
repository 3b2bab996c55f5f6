"""What a run does, from what is: no AWS here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from efs_autoscaler.mount_targets import MountTarget, Subnet
from efs_autoscaler.service import Service
from efs_autoscaler.settings import LaunchType


def exceeds(file_count: int, threshold: int) -> bool:
    """Whether there are more files than one set of mount targets is meant for."""
    return file_count > threshold


def free_subnet(subnets: Iterable[Subnet], taken_zones: Collection[str]) -> Subnet | None:
    """The subnet for another mount target: in a zone without one, with an address to give."""
    free = [
        each
        for each in subnets
        if each.availability_zone not in taken_zones and each.free_addresses
    ]
    return min(
        free,
        key=lambda each: (each.availability_zone, -each.free_addresses, each.subnet_id),
        default=None,
    )


def arranged(
    listed: Sequence[MountTarget], available: Iterable[MountTarget]
) -> tuple[MountTarget, ...]:
    """The mount targets as they are to be listed.

    A container's n-th path is the n-th of the list: those listed already keep their order, new
    ones come after them.
    """
    places = {target.mount_target_id: place for place, target in enumerate(listed)}

    def rank(target: MountTarget) -> tuple[int, str, str]:
        place = places.get(target.mount_target_id, len(places))
        return place, target.availability_zone, target.mount_target_id

    return tuple(sorted(available, key=rank))


def missing_subnets(
    service: Service, targets: Iterable[MountTarget], launch_type: LaunchType
) -> tuple[str, ...]:
    """The subnets that a Fargate service must be widened by, so that tasks use every target."""
    if launch_type is not LaunchType.FARGATE or service.network is None:
        return ()
    wanted = dict.fromkeys(target.subnet_id for target in targets)
    return tuple(each for each in wanted if each not in service.subnets)


def deployment_due(service: Service, listed_at: datetime | None, missing: Sequence[str]) -> bool:
    """Whether tasks may run that know an older list, or can't be in a mount target's zone.

    Args:
        service: as it is.
        listed_at: when the list was written; None: this very moment.
        missing: subnets by which the service must be widened.
    """
    if missing or service.deployed_at is None or listed_at is None:
        return True
    return service.deployed_at < listed_at
