"""One run: count, decide, create, wait, publish, deploy.

A run compares what is with what should be, whoever left it so: what an earlier run began and did
not end is ended by this one, also when there are few files. Whatever fails ends the run, so that no
step stands on one that failed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from efs_autoscaler import decide, mount_list, mount_targets, service
from efs_autoscaler.clients import Clients
from efs_autoscaler.count import count_files
from efs_autoscaler.mount_list import Published
from efs_autoscaler.mount_targets import MountTarget, Observed, Subnet
from efs_autoscaler.result import Result
from efs_autoscaler.settings import Settings
from efs_autoscaler.steps import step

logger = logging.getLogger(__name__)

# What counting leaves to the rest of a run (EFS makes a mount target in about 90 s), and waiting to
# publishing and deploying.
_AFTER_COUNTING = 150  # seconds
_AFTER_WAITING = 30

_NOTHING_CHANGED = "nothing was changed; check the function's network and permissions"
_NOTHING_LISTED = "the list in SSM and the service stay as they are; the next run tries again"


@dataclass(frozen=True)
class Clock:
    """How long a run may take, and how it waits."""

    time_left: Callable[[], float]  # seconds until the run is cut off
    pause: Callable[[float], None] = time.sleep

    def before(self, reserve: float) -> Callable[[], float]:
        """The time left for a step that must leave some to others."""
        return lambda: self.time_left() - reserve


def run(given: Settings, clients: Clients, clock: Clock, result: Result) -> None:
    """Bring mount targets, list and service to where they should be.

    Args:
        given: the settings.
        clients: ways to AWS.
        clock: how long it may take.
        result: filled in as the run goes on: a failed run tells how far it came.

    Raises:
        JobError: AWS refused a call, or something isn't as it must be; the message says what was
            therefore left as it was, and what to do.
    """
    began = time.monotonic()
    result.file_count = count_files(
        given.target_directory, given.count_workers, clock.before(_AFTER_COUNTING)
    )
    result.count_seconds = time.monotonic() - began
    logger.info("%d files under %s", result.file_count, given.target_directory)
    with step(f"the list in {given.ssm_parameter_name} can't be read", _NOTHING_CHANGED):
        published = mount_list.read(clients.ssm, given.ssm_parameter_name)
    targets = _targets(given, clients, clock, result)
    wanted = decide.arranged(published.targets, _available(targets, given.file_system_id))
    result.mount_targets = len(wanted)
    published = _publish(given, clients, published, wanted)
    _deploy(given, clients, published, result)


def _targets(given: Settings, clients: Clients, clock: Clock, result: Result) -> list[Observed]:
    """The mount targets there are: one more than before if there are too many files."""

    def settled(expected: str | None = None) -> list[Observed]:
        with step(f"the mount targets of {given.file_system_id} can't be read", _NOTHING_LISTED):
            return mount_targets.settled(
                clients.efs,
                given.file_system_id,
                clock.before(_AFTER_WAITING),
                clock.pause,
                expected,
            )

    found = settled()
    if not result.threshold_exceeded:
        return found
    subnet = _free_subnet(given, clients, found)
    if subnet is None:
        logger.warning(
            "%d files are more than %d, but there is no subnet in a zone without a mount target: "
            "EFS allows one in each zone",
            result.file_count,
            result.threshold,
        )
        return found
    _create(given, clients, subnet, result)
    return settled(result.new_mount_target_id)


def _free_subnet(given: Settings, clients: Clients, targets: Iterable[Observed]) -> Subnet | None:
    with step("subnets for another mount target can't be looked up", _NOTHING_LISTED):
        only_zone = mount_targets.require_file_system(clients.efs, given.file_system_id)
        candidates = mount_targets.subnets(clients.ec2, given.vpc_id, given.subnet_ids)
    taken = {each.target.availability_zone for each in targets}
    return decide.free_subnet(
        [each for each in candidates if only_zone in {None, each.availability_zone}], taken
    )


def _create(given: Settings, clients: Clients, subnet: Subnet, result: Result) -> None:
    place = f"{subnet.subnet_id} in {subnet.availability_zone}"
    with step(f"no mount target can be created in {place}", _NOTHING_LISTED):
        created = mount_targets.create(
            clients.efs, given.file_system_id, subnet, given.security_group_id
        )
    if created is None:
        logger.info("somebody else was faster to create a mount target in %s", place)
        return
    result.new_mount_target_id = created
    logger.info("creating the mount target %s in %s", created, place)


def _available(targets: Iterable[Observed], file_system_id: str) -> list[MountTarget]:
    """Those that can be mounted.

    Raises:
        MountTargetError: there is none; the list stays as it is.
    """
    available = []
    for each in targets:
        if each.state == mount_targets.AVAILABLE:
            available.append(each.target)
        else:
            target = each.target
            logger.warning(
                "the mount target %s in %s is %s: it is not listed",
                target.mount_target_id,
                target.availability_zone,
                each.state,
            )
    if not available:
        raise mount_targets.MountTargetError(
            f"no mount target of {file_system_id} is available: the list in SSM stays as it is. "
            "Create one, by Terraform or in the console"
        )
    return available


def _publish(
    given: Settings, clients: Clients, published: Published, wanted: tuple[MountTarget, ...]
) -> Published:
    """The list as it is once it says what is wanted."""
    if published.complaint is None and published.targets == wanted:
        return published
    name = given.ssm_parameter_name
    if published.complaint:
        logger.warning("the list in %s is written anew: %s", name, published.complaint)
    with step(f"the list in {name} can't be written", "nothing is deployed; the next run does it"):
        mount_list.write(clients.ssm, name, wanted)
    logger.info("%s lists %s", name, ", ".join(each.mount_target_id for each in wanted))
    return Published(wanted)


def _deploy(given: Settings, clients: Clients, published: Published, result: Result) -> None:
    name = given.ecs_service_name
    with step(f"{name} can't be deployed", "the list in SSM is right; the next run deploys"):
        found = service.describe(clients.ecs, given.ecs_cluster_name, name)
        missing = decide.missing_subnets(found, published.targets, given.launch_type)
        if not decide.deployment_due(found, published.written_at, missing):
            return
        service.deploy(clients.ecs, found, missing)
    result.deployment_triggered = True
    logger.info("deploying %s, whose tasks may know an older list of mount targets", name)
