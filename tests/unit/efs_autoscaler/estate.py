"""What the controller works on: a file system, its list and its service, in an AWS in process.

Mount targets take their time and deployments are kept as the extensions of the local AWS do it.
"""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from efs_autoscaler import control, mount_list
from efs_autoscaler.clients import Clients
from efs_autoscaler.control import Clock
from efs_autoscaler.mount_targets import MountTarget
from efs_autoscaler.result import Result
from efs_autoscaler.settings import LaunchType, Settings
from scripts.local_aws.mount_targets import MOUNT_TARGETS

REGION = "ap-northeast-1"
ZONES = tuple(f"{REGION}{letter}" for letter in "acd")
WITHIN_TIME = 300.0  # seconds a run may take
THRESHOLD = 3


@dataclass(frozen=True)
class Network:
    """A VPC with a subnet in each zone."""

    vpc_id: str
    security_group_id: str
    subnets: dict[str, str]  # by zone


@dataclass(frozen=True)
class Estate:
    """A file system with its surroundings."""

    clients: Clients
    network: Network
    settings: Settings

    def run(
        self,
        clients: Clients | None = None,
        clock: Clock | None = None,
        result: Result | None = None,
        **changes: Any,
    ) -> Result:
        """One run of the controller.

        Raises:
            Exception: whatever the run raises.
        """
        given = replace(self.settings, **changes)
        outcome = result or Result(given.file_count_threshold)
        outcome.threshold = given.file_count_threshold
        control.run(given, clients or self.clients, clock or a_clock(), outcome)
        return outcome

    def hold_files(self, number: int) -> None:
        """Have so many files."""
        folder = Path(self.settings.target_directory)
        for old in folder.iterdir():
            old.unlink()
        for name in range(number):
            (folder / f"{name}.jpg").touch()

    def add_target(self, zone: str) -> str:
        """Create a mount target, as Terraform or a run that was cut off did."""
        created = self.clients.efs.create_mount_target(
            FileSystemId=self.settings.file_system_id,
            SubnetId=self.network.subnets[zone],
            SecurityGroups=[self.network.security_group_id],
        )
        return created["MountTargetId"]

    def targets(self) -> dict[str, str]:
        """The state of each mount target, by zone."""
        found = self.clients.efs.describe_mount_targets(FileSystemId=self.settings.file_system_id)
        return {
            each["AvailabilityZoneName"]: each["LifeCycleState"] for each in found["MountTargets"]
        }

    def settle(self) -> None:
        """Wait until every mount target is as it stays."""
        while {"creating", "deleting"} & set(self.targets().values()):
            time.sleep(0.005)

    def value(self) -> str | None:
        """What the parameter holds."""
        ssm = self.clients.ssm
        try:
            return ssm.get_parameter(Name=self.settings.ssm_parameter_name)["Parameter"]["Value"]
        except ssm.exceptions.ParameterNotFound:
            return None

    def listed(self) -> list[str]:
        """The zones of the list, in its order."""
        return [each.availability_zone for each in mount_list.decode(self.value() or "")]

    def put(self, value: str) -> None:
        """Write the parameter as somebody else would."""
        self.clients.ssm.put_parameter(
            Name=self.settings.ssm_parameter_name, Value=value, Type="String", Overwrite=True
        )

    def deployments(self) -> list[str]:
        """The ids of the service's deployments, the newest first."""
        return [each["id"] for each in self._service()["deployments"]]

    def service_subnets(self) -> list[str]:
        """Where tasks may run."""
        network = self._service()["networkConfiguration"]["awsvpcConfiguration"]
        return list(network["subnets"])

    def configuration(self) -> tuple[str | None, str, tuple[str, ...]]:
        """What containers see: the list, the newest deployment, where tasks may run."""
        return self.value(), self.deployments()[0], tuple(self.service_subnets())

    def whole(self) -> bool:
        """Whether the list says what there is and no task can know an older one."""
        available = {zone for zone, state in self.targets().items() if state == "available"}
        listed = set(self.listed())
        parameter = self.clients.ssm.get_parameter(Name=self.settings.ssm_parameter_name)
        deployed = self._service()["deployments"][0]["createdAt"]
        return listed == available and deployed >= parameter["Parameter"]["LastModifiedDate"]

    def _service(self) -> Any:
        [service] = self.clients.ecs.describe_services(
            cluster=self.settings.ecs_cluster_name, services=[self.settings.ecs_service_name]
        )["services"]
        return service


def a_clock(seconds: float = WITHIN_TIME) -> Clock:
    """A clock whose pauses take as long as they say, without anybody's waiting for it."""
    left = [seconds]

    def pause(length: float) -> None:
        left[0] -= length
        time.sleep(MOUNT_TARGETS.seconds / 2)

    return Clock(time_left=lambda: left[0], pause=pause)


def network(clients: Clients, zones: Iterable[str] = ZONES) -> Network:
    """Make a VPC with a large subnet in each zone."""
    ec2 = clients.ec2
    vpc_id = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName="efs", Description="efs", VpcId=vpc_id)
    subnets = {
        zone: ec2.create_subnet(
            VpcId=vpc_id, CidrBlock=f"10.0.{number * 16}.0/20", AvailabilityZone=zone
        )["Subnet"]["SubnetId"]
        for number, zone in enumerate(zones)
    }
    return Network(vpc_id, group["GroupId"], subnets)


_numbers = itertools.count()


def build(
    clients: Clients,
    surroundings: Network,
    folder: Path,
    zones: Sequence[str] = ZONES[:2],
    launch_type: LaunchType = LaunchType.EC2,
) -> Estate:
    """Make a file system with mount targets in some zones, its list, and its service.

    It is left as Terraform leaves it: the list says what there is, the service is younger.
    """
    name = f"efs-{next(_numbers)}"
    files = folder / name
    files.mkdir()
    file_system = clients.efs.create_file_system(CreationToken=name)["FileSystemId"]
    settings = Settings(
        environment="local",
        log_level="INFO",
        file_system_id=file_system,
        target_directory=str(files),
        file_count_threshold=THRESHOLD,
        ssm_parameter_name=f"/app/efs/{name}",
        ecs_cluster_name=name,
        ecs_service_name=name,
        vpc_id=surroundings.vpc_id,
        security_group_id=surroundings.security_group_id,
        launch_type=launch_type,
        subnet_ids=(),
        count_workers=2,
    )
    estate = Estate(clients, surroundings, settings)
    for zone in zones:
        estate.add_target(zone)
    estate.settle()
    estate.put(mount_list.encode(_described(estate)))
    _create_service(estate, [surroundings.subnets[zone] for zone in zones])
    return estate


def _described(estate: Estate) -> list[MountTarget]:
    found = estate.clients.efs.describe_mount_targets(FileSystemId=estate.settings.file_system_id)
    return [
        MountTarget(
            each["MountTargetId"],
            each["IpAddress"],
            each["AvailabilityZoneName"],
            each["SubnetId"],
        )
        for each in found["MountTargets"]
    ]


def _create_service(estate: Estate, subnets: list[str]) -> None:
    ecs, name = estate.clients.ecs, estate.settings.ecs_service_name
    ecs.create_cluster(clusterName=name)
    task = ecs.register_task_definition(
        family=name,
        networkMode="awsvpc",
        containerDefinitions=[{"name": "app", "image": "app", "memory": 4096}],
    )
    ecs.create_service(
        cluster=name,
        serviceName=name,
        taskDefinition=task["taskDefinition"]["taskDefinitionArn"],
        desiredCount=2,
        networkConfiguration={
            "awsvpcConfiguration": {
                "subnets": subnets,
                "securityGroups": [estate.network.security_group_id],
                "assignPublicIp": "DISABLED",
            }
        },
    )


def entries(value: str | None) -> list[dict[str, Any]]:
    """What a value lists."""
    found: list[dict[str, Any]] = json.loads(value or "")["mount_targets"]
    return found
