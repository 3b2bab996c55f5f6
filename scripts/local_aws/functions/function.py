"""What must be known of a function version to run it, read from moto's record of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from moto.awslambda.models import LambdaFunction

from scripts.local_aws.iam.sessions import Session


@dataclass(frozen=True)
class Archive:
    """A zip and its SHA-256, which moto computed when it was uploaded."""

    sha256: str
    content: bytes = field(compare=False, repr=False)


@dataclass(frozen=True)
class FileSystem:
    """An EFS file system that a function sees.

    Attributes:
        access_point: ARN of the access point that leads to it.
        path: Where the function sees it: directly in /mnt.
    """

    access_point: str
    path: str


@dataclass(frozen=True)
class Function:
    """One version of a function. After a change of code or settings it is another value.

    Attributes:
        arn: Its ARN without an alias; published versions end in `:N`.
        timeout: Seconds.
        memory: MB, reported but not enforced.
        layers: Laid over each other in `/opt`, the first one lowest.
        dead_letters: ARN of the queue or topic for events that failed for good.
        subnets: Ids of those it runs in; none outside a VPC.
    """

    name: str
    version: str
    arn: str
    region: str
    role: str
    handler: str
    runtime: str
    timeout: int
    memory: int
    log_group: str
    variables: tuple[tuple[str, str], ...]
    code: Archive
    layers: tuple[Archive, ...]
    traced: bool
    dead_letters: str | None
    subnets: tuple[str, ...]
    file_system: FileSystem | None

    @property
    def unqualified_arn(self) -> str:
        """The ARN without a version."""
        return ":".join(self.arn.split(":")[:7])

    @property
    def session(self) -> Session:
        """As whom Lambda itself acts for the function."""
        return Session(self.role, self.name)


def describe(fn: LambdaFunction) -> Function:
    """Read moto's record of a function version.

    Raises:
        ValueError: The function is a container image.
    """
    if not fn.handler:
        raise ValueError(f"{fn.function_name} is a container image: only zips can be run here")
    kept: Any = fn  # what the extension of Lambda adds to moto's record
    return Function(
        name=fn.function_name,
        version=str(fn.version),
        arn=fn.function_arn,
        region=fn.region,
        role=fn.role,
        handler=fn.handler,
        runtime=fn.run_time or "python",
        timeout=int(fn.timeout),
        memory=int(fn.memory_size),
        log_group=fn.logs_group_name,
        variables=tuple(sorted(fn.environment_vars.items())),
        code=Archive(fn.code_sha_256, fn.code_bytes),
        layers=tuple(Archive(each.code_sha_256, each.code_bytes) for each in kept.layer_versions),
        traced=fn.tracing_config.get("Mode") == "Active",
        dead_letters=kept.dead_letter_config.get("TargetArn") or None,
        subnets=tuple((kept._vpc_config or {}).get("SubnetIds", [])),
        file_system=next(map(_file_system, kept.file_system_configs), None),
    )


def _file_system(config: dict[str, str]) -> FileSystem:
    return FileSystem(config["Arn"], config["LocalMountPath"])


def qualified(arn: str) -> str:
    """A function's ARN with its version or alias; `$LATEST` is added where there is none."""
    return arn if arn.count(":") > 6 else f"{arn}:$LATEST"
