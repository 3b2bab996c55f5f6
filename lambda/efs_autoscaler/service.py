"""The ECS service whose tasks use the file system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from batchworks.errors import JobError

if TYPE_CHECKING:
    from mypy_boto3_ecs import ECSClient
    from mypy_boto3_ecs.type_defs import AwsVpcConfigurationOutputTypeDef


class ServiceError(JobError):
    """The service can't be deployed."""


@dataclass(frozen=True)
class Service:
    """As much of a service as a deployment needs."""

    cluster: str
    name: str
    deployed_at: datetime | None  # when its primary deployment began
    network: AwsVpcConfigurationOutputTypeDef | None  # None: tasks use their host's

    @property
    def subnets(self) -> Sequence[str]:
        return self.network["subnets"] if self.network else ()


def describe(ecs: ECSClient, cluster: str, name: str) -> Service:
    """The service as it is.

    Raises:
        ServiceError: there is no such service that could be deployed.
    """
    try:
        found = ecs.describe_services(cluster=cluster, services=[name])["services"]
    except ecs.exceptions.ClusterNotFoundException as error:
        raise _absent(cluster, name, "there is no such cluster") from error
    if not found:
        raise _absent(cluster, name, "there is no such service")
    [service] = found
    if service["status"] != "ACTIVE":
        raise _absent(cluster, name, f"it is {service['status']}")
    begun = [each["createdAt"] for each in service["deployments"] if each["status"] == "PRIMARY"]
    network = service.get("networkConfiguration", {}).get("awsvpcConfiguration")
    return Service(cluster, name, begun[0] if begun else None, network)


def deploy(ecs: ECSClient, service: Service, further_subnets: Sequence[str]) -> None:
    """Replace all tasks, one after the other, as the service is set to.

    Args:
        ecs: the client.
        service: as `describe` found it.
        further_subnets: where tasks may run from now on, besides where they may already.
    """
    if service.network is None or not further_subnets:
        ecs.update_service(cluster=service.cluster, service=service.name, forceNewDeployment=True)
        return
    ecs.update_service(
        cluster=service.cluster,
        service=service.name,
        forceNewDeployment=True,
        networkConfiguration={
            "awsvpcConfiguration": {
                **service.network,
                "subnets": [*service.subnets, *further_subnets],
            }
        },
    )


def _absent(cluster: str, name: str, why: str) -> ServiceError:
    return ServiceError(
        f"the service {name} of the cluster {cluster} can't be deployed: {why}. The list of mount "
        "targets is right; once ECS_CLUSTER_NAME and ECS_SERVICE_NAME name a service that is "
        "ACTIVE, the next run deploys it"
    )
