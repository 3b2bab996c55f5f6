"""File systems: moto forgets that a function has one."""

from __future__ import annotations

import re
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException, LambdaClientError
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.efs.models import efs_backends

from scripts.local_aws.account import ACCOUNT
from scripts.local_aws.functions.file_systems import reachable_zones, zones_of
from scripts.local_aws.patching import replace

_make = LambdaFunction.__init__
_describe = LambdaFunction.get_configuration
_create = LambdaBackend.create_function
_update = LambdaFunction.update_configuration

_PATH = r"/mnt/[a-zA-Z0-9-_.]+"
"""https://docs.aws.amazon.com/lambda/latest/api/API_FileSystemConfig.html"""

Config = dict[str, Any]


@replace(LambdaFunction)
def __init__(  # noqa: N807  # moto's constructor
    self: Any, account_id: str, spec: Config, region: str, version: str | int = 1
) -> None:
    _make(self, account_id, spec, region, version)
    self.file_system_configs = spec.get("FileSystemConfigs") or []


@replace(LambdaFunction)
def get_configuration(self: Any, on_create: bool = False) -> Config:
    """What moto knows, with the file system."""
    described: Config = _describe(self, on_create)
    if self.file_system_configs:
        described["FileSystemConfigs"] = self.file_system_configs
    return described


@replace(LambdaBackend)
def create_function(self: Any, spec: Config) -> LambdaFunction:
    """Create a function whose file system can be mounted."""
    _check(spec.get("FileSystemConfigs") or [], spec.get("VpcConfig") or {}, self.region_name)
    return _create(self, spec)


@replace(LambdaFunction)
def update_configuration(self: Any, config_updates: Config) -> Config:
    """Change settings to such that the file system can still be mounted."""
    wanted = config_updates.get("FileSystemConfigs", self.file_system_configs)
    network = config_updates.get("VpcConfig", self._vpc_config)
    if {"FileSystemConfigs", "VpcConfig"} & config_updates.keys():
        _check(wanted, network or {}, self.region)
    self.file_system_configs = wanted
    return _update(self, config_updates)


def _check(configs: list[Config], network: Config, region: str) -> None:
    for config in configs:
        _check_path(config["LocalMountPath"])
        if not network.get("SubnetIds"):
            raise InvalidParameterValueException(
                "Function must be configured to execute in a VPC to reference access points."
            )
        _check_mount_targets(config["Arn"], tuple(network["SubnetIds"]), region)


def _check_path(path: str) -> None:
    if not re.fullmatch(_PATH, path):
        raise LambdaClientError(
            "ValidationException",
            f"1 validation error detected: Value '{path}' at "
            "'fileSystemConfigs.1.member.localMountPath' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: ^{_PATH}$",
        )


def _check_mount_targets(arn: str, subnets: tuple[str, ...], region: str) -> None:
    backend = efs_backends[ACCOUNT][region]
    point = backend.access_points.get(arn.rsplit("/", 1)[-1])
    if point is None:
        raise InvalidParameterValueException(f"EFS access point {arn} does not exist.")
    lacking = zones_of(subnets, region) - reachable_zones(backend, point.file_system_id)
    if lacking:
        raise InvalidParameterValueException(
            f"EFS file system {point.file_system_id} does not have mount targets created in all "
            "availability zones the function will execute in. Please create EFS mount targets for "
            f"availability zones {sorted(lacking)}."
        )
