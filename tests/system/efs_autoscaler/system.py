"""The deployed efs-autoscaler, as its tests see it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from efs_autoscaler import settings
from efs_autoscaler.clients import Clients
from efs_autoscaler.control import Clock, run
from efs_autoscaler.result import Result
from scripts import runs
from scripts.local_estate.systems.efs_autoscaler import files_of
from tests.system.function import Answer, Function
from tests.system.system import System, eventually

FUNCTION = "efs-autoscaler"
GROUP = f"/aws/lambda/{FUNCTION}"
PARAMETER = "/app/efs/mount-targets"
THRESHOLD = 100_000

Target = dict[str, str]


class EfsAutoscaler(System):
    """The deployed stack, the files it counts, and what runs leave behind."""

    @property
    def function(self) -> Function:
        return Function(self.aws, FUNCTION)

    @property
    def file_system(self) -> str:
        return str(self.outputs["file_system"]["id"])

    @property
    def files(self) -> Path:
        """The folder that the controller counts."""
        return files_of(self.estate, self.outputs)

    @property
    def initial(self) -> set[str]:
        """Ids of the mount targets that Terraform made."""
        return set(self.outputs["mount_targets"].values())

    def invoke(self, event: object = None) -> Answer:
        return self.function.invoke(event)

    def follow(self, event_id: str) -> runs.LogLine:
        """Wait for the run that an event started; the line that tells its outcome."""
        *_, last = runs.follow(self.client("logs"), GROUP, event_id)
        return last

    def mount_targets(self) -> dict[str, Target]:
        """What EFS has, by id."""
        found = self.client("efs").describe_mount_targets(FileSystemId=self.file_system)
        return {target["MountTargetId"]: target for target in found["MountTargets"]}

    def zones(self) -> list[str]:
        """Last letters of the zones that have a mount target, each as often as it has one."""
        return sorted(each["AvailabilityZoneName"][-1] for each in self.mount_targets().values())

    def listed(self) -> list[Target]:
        """What containers are told."""
        entries: list[Target] = json.loads(self.list_value())["mount_targets"]
        return entries

    def list_value(self) -> str:
        return str(self.client("ssm").get_parameter(Name=PARAMETER)["Parameter"]["Value"])

    def write_list(self, value: str) -> None:
        self.client("ssm").put_parameter(Name=PARAMETER, Value=value, Type="String", Overwrite=True)

    def service(self) -> dict[str, Any]:
        found: dict[str, Any] = self.client("ecs").describe_services(
            cluster=FUNCTION, services=[FUNCTION]
        )["services"][0]
        return found

    def deployment(self) -> str:
        """Id of the newest deployment."""
        return str(self.service()["deployments"][0]["id"])

    def service_subnets(self) -> list[str]:
        return list(self.service()["networkConfiguration"]["awsvpcConfiguration"]["subnets"])

    def deploy(self) -> None:
        """Let the service be as new as everything else."""
        self.client("ecs").update_service(
            cluster=FUNCTION, service=FUNCTION, forceNewDeployment=True
        )

    def assert_healed(self, zones: str) -> None:
        """One mount target in each zone, the same in the list, and a service that knows them."""
        assert self.zones() == sorted(zones)
        assert {each["mount_target_id"] for each in self.listed()} == set(self.mount_targets())
        parameter = self.client("ssm").get_parameter(Name=PARAMETER)["Parameter"]
        newest = self.service()["deployments"][0]
        assert newest["createdAt"] >= parameter["LastModifiedDate"]
        before = self.deployment()
        answer = self.invoke()
        assert not answer.failed, answer.message
        assert self.deployment() == before, "a further run has nothing left to do"

    def state(self) -> tuple[object, ...]:
        """Everything a run may change."""
        return sorted(self.mount_targets()), self.list_value(), self.deployment()

    def forget_process(self) -> None:
        """Let the next run begin in a process of its own, which mounts the file system anew."""
        self.kill_handlers()
        eventually(lambda: not self.handlers(), "no handler is left")

    def errors(self) -> float:
        """Failed runs, as the alarms see them."""
        return self.metric("AWS/Lambda", "Errors", FunctionName=FUNCTION)

    def release(self) -> None:
        """Delete the mount targets that Terraform doesn't know, and wait until they are gone."""
        efs = self.client("efs")
        for target in set(self.mount_targets()) - self.initial:
            efs.delete_mount_target(MountTargetId=target)
        eventually(lambda: set(self.mount_targets()) == self.initial, "the others are gone")


class HurriedRun:
    """A run of the deployed code with its role and settings, whose five minutes pass in no time."""

    def __init__(self, system: EfsAutoscaler) -> None:
        self.seconds_left = 300.0
        self._system = system

    def __call__(self) -> None:
        function = self._system.client("lambda").get_function_configuration(FunctionName=FUNCTION)
        told = function["Environment"]["Variables"]
        given = settings.load(told | {"TARGET_DIRECTORY": str(self._system.files)})
        efs, ec2, ssm, ecs = (
            self._system.aws.client_as(FUNCTION, service)
            for service in ("efs", "ec2", "ssm", "ecs")
        )
        clock = Clock(lambda: self.seconds_left, self._pass)
        run(given, Clients(efs, ec2, ssm, ecs), clock, Result(given.file_count_threshold))

    def _pass(self, seconds: float) -> None:
        self.seconds_left -= seconds
