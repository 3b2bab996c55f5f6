"""The deployments of a service: the newest is PRIMARY, older ones stay until it has come up.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from moto.core.utils import utcnow
from moto.ecs.models import Service
from moto.moto_api._internal import mock_random

DEPLOYMENT_SECONDS = 2.0
"""How long it takes here until the tasks of a deployment run and those of older ones are gone."""

_SETTINGS = {
    "launchType": "launch_type",
    "capacityProviderStrategy": "capacity_provider_strategy",
    "networkConfiguration": "network_configuration",
    "platformVersion": "platform_version",
    "taskDefinition": "task_definition",
}


def settings(service: Service) -> dict[str, Any]:
    """The settings whose change makes a new deployment."""
    kept = {name: getattr(service, attribute, None) for name, attribute in _SETTINGS.items()}
    return {name: value for name, value in kept.items() if value}


def begin(service: Service) -> None:
    """Put a new deployment before those there are."""
    now = utcnow()
    for older in service.deployments:
        older["status"] = "ACTIVE"
    deployment_id = f"ecs-svc/{mock_random.randint(10**18, 10**19 - 1)}"
    newest = settings(service) | {
        "id": deployment_id,
        "status": "PRIMARY",
        "createdAt": now,
        "updatedAt": now,
        "desiredCount": service.desired_count,
        "pendingCount": service.desired_count,
        "runningCount": 0,
        "failedTasks": 0,
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": f"ECS deployment {deployment_id} in progress.",
    }
    service.deployments = [newest, *service.deployments]


def scale(service: Service) -> None:
    """Let the newest deployment have as many tasks as the service wants."""
    for newest in service.deployments[:1]:
        if newest["desiredCount"] != service.desired_count:
            newest |= {"desiredCount": service.desired_count, "updatedAt": utcnow()}


def settle(service: Service) -> None:
    """End the older deployments once the newest has had its time."""
    due = utcnow() - timedelta(seconds=DEPLOYMENT_SECONDS)
    known: list[dict[str, Any]] = service.deployments
    if known and known[0]["createdAt"] <= due:
        known = service.deployments = [_completed(known[0])]
    service.running_count = sum(each["runningCount"] for each in known)
    service.pending_count = max(0, service.desired_count - service.running_count)


def _completed(deployment: dict[str, Any]) -> dict[str, Any]:
    if deployment["rolloutState"] != "COMPLETED":
        deployment["updatedAt"] = utcnow()
    return deployment | {
        "pendingCount": 0,
        "runningCount": deployment["desiredCount"],
        "rolloutState": "COMPLETED",
        "rolloutStateReason": f"ECS deployment {deployment['id']} completed.",
    }
