"""What efs-autoscaler is told: read once, before anything is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from batchworks.errors import SettingsError
from batchworks.settings import Variables

LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class LaunchType(StrEnum):
    """What the service's tasks run on, which decides how they reach a new mount target."""

    EC2 = "EC2"  # containers mount every target of the list
    FARGATE = "FARGATE"  # tasks use the target of their zone: the service's subnets are widened


@dataclass(frozen=True)
class Settings:
    """Everything a run needs to know."""

    environment: str
    log_level: str
    file_system_id: str
    target_directory: str
    file_count_threshold: int
    ssm_parameter_name: str
    ecs_cluster_name: str
    ecs_service_name: str
    vpc_id: str
    security_group_id: str
    launch_type: LaunchType
    subnet_ids: tuple[str, ...]  # candidates; none: all of the VPC
    count_workers: int


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings.

    Args:
        environ: such as `os.environ`.

    Raises:
        SettingsError: one is missing or malformed; the message names it and the remedy.
    """
    given = Variables(environ, {}, "the function's environment variables")
    return Settings(
        environment=given.optional("ENVIRONMENT") or "prd",
        log_level=given.choice("LOG_LEVEL", "INFO", LOG_LEVELS),
        file_system_id=given.required("EFS_FILE_SYSTEM_ID", "the id of the file system, fs-…"),
        target_directory=_directory(given),
        file_count_threshold=given.integer("FILE_COUNT_THRESHOLD", 100_000, range(10**12)),
        ssm_parameter_name=given.required(
            "SSM_PARAMETER_NAME", "the parameter with the list of mount targets, /app/efs/…"
        ),
        ecs_cluster_name=given.required("ECS_CLUSTER_NAME", "the cluster of the service"),
        ecs_service_name=given.required("ECS_SERVICE_NAME", "the service that uses the files"),
        vpc_id=given.required("VPC_ID", "the VPC of the mount targets, vpc-…"),
        security_group_id=given.required(
            "SECURITY_GROUP_ID", "the security group of the mount targets, sg-…"
        ),
        launch_type=LaunchType(given.choice("LAUNCH_TYPE", "EC2", list(LaunchType))),
        subnet_ids=_ids(given.optional("SUBNET_IDS") or ""),
        count_workers=given.integer("COUNT_WORKERS", 32, range(1, 257)),
    )


def _directory(given: Variables) -> str:
    folder = given.required("TARGET_DIRECTORY", "the folder whose files are counted, /mnt/…")
    if not folder.startswith("/"):
        raise SettingsError(f"TARGET_DIRECTORY is {folder!r}: give a path that begins with /")
    return folder


def _ids(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
