"""Services: moto forgets settings that it doesn't use, and deploys by renaming a deployment.

Terraform would see a difference in every plan; nobody could tell which deployment is running.
"""

from __future__ import annotations

from typing import Any

from botocore import xform_name
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.ecs.exceptions import ECSException
from moto.ecs.models import EC2ContainerServiceBackend, Service
from moto.ecs.responses import EC2ContainerServiceResponse

from scripts.local_aws.extensions.ecs import deployments
from scripts.local_aws.patching import replace

_create = EC2ContainerServiceResponse.create_service
_describe = EC2ContainerServiceBackend.describe_services
_update = EC2ContainerServiceBackend.update_service
_delete = EC2ContainerServiceBackend.delete_service

_FORGOTTEN = (
    *("availabilityZoneRebalancing", "capacityProviderStrategy", "deploymentConfiguration"),
    *("enableECSManagedTags", "enableExecuteCommand", "healthCheckGracePeriodSeconds"),
    *("placementConstraints", "placementStrategy"),
)


class ServiceNotActiveException(ECSException):  # AWS's name
    """The service is deleted."""

    def __init__(self) -> None:
        super().__init__("ServiceNotActiveException", "Service was not ACTIVE.")


@replace(EC2ContainerServiceResponse)
def create_service(self: EC2ContainerServiceResponse) -> ActionResult:
    """Create a service, with all its settings, and begin its first deployment."""
    answer = _create(self)
    result: Any = answer.result
    created: Service = result["service"]
    for name in _FORGOTTEN:
        setattr(created, xform_name(name), self._get_param(name))
    created.launch_type = (
        None if self._get_param("capacityProviderStrategy") else created.launch_type
    )
    vars(created)["created_at"] = utcnow()
    created.deployments = []
    deployments.begin(created)
    return answer


@replace(EC2ContainerServiceBackend)
def describe_services(
    self: EC2ContainerServiceBackend, cluster_str: str, service_names_or_arns: list[str]
) -> tuple[list[Service], list[dict[str, str]]]:
    """The services as they are by now."""
    found, failures = _describe(self, cluster_str, service_names_or_arns)
    for each in found:
        deployments.settle(each)
    return found, failures


@replace(EC2ContainerServiceBackend)
def update_service(self: EC2ContainerServiceBackend, service_properties: dict[str, Any]) -> Service:
    """Change a service, and deploy if that is asked for or needed."""
    cluster = service_properties.get("cluster", "default")
    found = self._get_service(cluster, service_properties["service"])
    if found.status != "ACTIVE":
        raise ServiceNotActiveException
    deployments.settle(found)
    before = deployments.settings(found)
    forced = service_properties.pop("force_new_deployment", False)
    _update(self, _checked(self, found, service_properties))
    deployments.scale(found)
    if forced or deployments.settings(found) != before:
        deployments.begin(found)
    deployments.settle(found)
    return found


@replace(EC2ContainerServiceBackend)
def delete_service(
    self: EC2ContainerServiceBackend, cluster_name: str, service_name: str, force: bool
) -> Service:
    """Delete a service: nothing of it is deployed any more."""
    deleted = _delete(self, cluster_name, service_name, force)
    deleted.deployments = []
    deleted.desired_count = 0
    return deleted


def _checked(
    backend: EC2ContainerServiceBackend, service: Service, wanted: dict[str, Any]
) -> dict[str, Any]:
    """What is wanted, if it exists: the task definition by its ARN."""
    if network := wanted.get("network_configuration"):
        service._validate_network(network)
    if task := wanted.get("task_definition"):
        return wanted | {"task_definition": backend.describe_task_definition(task).arn}
    return wanted
