"""ECS services keep their settings, and show which deployment is the newest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAws
from tests.unit.local_aws.workshop import arn, eventually, unique


@dataclass(frozen=True)
class Estate:
    """A cluster, a task definition and two subnets."""

    ecs: Any
    cluster: str
    task: str
    subnets: list[str]

    def network(self, subnets: int) -> dict[str, Any]:
        """A network configuration with so many subnets."""
        return {"awsvpcConfiguration": {"subnets": self.subnets[:subnets], "securityGroups": []}}

    def service(self, **settings: Any) -> str:
        """A Fargate service of two tasks; returns its name."""
        made = self.ecs.create_service(
            **{
                "cluster": self.cluster,
                "serviceName": unique("service"),
                "taskDefinition": self.task,
                "desiredCount": 2,
                "launchType": "FARGATE",
                "networkConfiguration": self.network(1),
                **settings,
            }
        )
        return str(made["service"]["serviceName"])

    def update(self, service: str, **settings: Any) -> dict[str, Any]:
        """Change a service; returns it."""
        changed = self.ecs.update_service(cluster=self.cluster, service=service, **settings)
        return dict(changed["service"])

    def described(self, service: str) -> dict[str, Any]:
        """A service as it is now."""
        [found] = self.ecs.describe_services(cluster=self.cluster, services=[service])["services"]
        return dict(found)

    def settled(self, service: str) -> dict[str, Any]:
        """A service once its newest deployment is complete."""
        eventually(lambda: self.described(service)["deployments"][0]["rolloutState"] == "COMPLETED")
        return self.described(service)


@pytest.fixture(scope="module")
def estate(aws: LocalAws) -> Estate:
    """What services need."""
    ec2, ecs = aws.client("ec2"), aws.client("ecs")
    vpc = ec2.create_vpc(CidrBlock="10.60.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.60.{n}.0/24")["Subnet"]["SubnetId"]
        for n in range(2)
    ]
    cluster = ecs.create_cluster(clusterName=unique("cluster"))["cluster"]["clusterName"]
    container = {"name": "app", "image": "app", "memory": 128}
    task = ecs.register_task_definition(family=unique("task"), containerDefinitions=[container])
    return Estate(ecs, cluster, task["taskDefinition"]["taskDefinitionArn"], subnets)


def statuses(service: dict[str, Any]) -> list[str]:
    """The statuses of a service's deployments."""
    return [each["status"] for each in service["deployments"]]


def test_settings_are_kept(estate: Estate) -> None:
    breaker = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
    spread = [{"type": "spread", "field": "attribute:ecs.availability-zone"}]
    name = estate.service(
        deploymentConfiguration=breaker,
        enableECSManagedTags=True,
        enableExecuteCommand=True,
        placementStrategy=spread,
        propagateTags="SERVICE",
    )

    kept = estate.described(name)

    expected = {"enable": True, "rollback": True}
    assert kept["deploymentConfiguration"]["deploymentCircuitBreaker"] == expected
    assert kept["enableECSManagedTags"]
    assert kept["enableExecuteCommand"]
    assert kept["placementStrategy"] == spread
    assert kept["launchType"] == "FARGATE"
    assert isinstance(kept["createdAt"], datetime)


def test_a_service_with_capacity_providers_has_no_launch_type(estate: Estate) -> None:
    strategy = [{"capacityProvider": "machines", "weight": 1, "base": 0}]
    made = estate.ecs.create_service(
        cluster=estate.cluster,
        serviceName=unique("service"),
        taskDefinition=estate.task,
        desiredCount=1,
        capacityProviderStrategy=strategy,
    )["service"]

    assert "launchType" not in made
    assert made["capacityProviderStrategy"] == strategy


def test_a_deployment_comes_up_after_a_while(estate: Estate) -> None:
    name = estate.service()
    assert estate.described(name)["runningCount"] == 0

    settled = estate.settled(name)

    [only] = settled["deployments"]
    assert (settled["runningCount"], settled["pendingCount"]) == (2, 0)
    assert (only["status"], only["runningCount"], only["failedTasks"]) == ("PRIMARY", 2, 0)


def test_a_forced_deployment_is_primary_and_newer_while_the_old_one_goes(estate: Estate) -> None:
    name = estate.service()
    [old] = estate.settled(name)["deployments"]

    changed = estate.update(name, forceNewDeployment=True)

    assert statuses(changed) == ["PRIMARY", "ACTIVE"]
    newest, older = changed["deployments"]
    assert older["id"] == old["id"] != newest["id"]
    assert newest["createdAt"] > older["createdAt"]
    assert (newest["rolloutState"], newest["taskDefinition"]) == ("IN_PROGRESS", estate.task)
    [left] = estate.settled(name)["deployments"]
    assert left["id"] == newest["id"]
    assert left["updatedAt"] > left["createdAt"] == newest["createdAt"]


def test_other_subnets_are_deployed_other_numbers_are_not(estate: Estate) -> None:
    name = estate.service()
    [first] = estate.settled(name)["deployments"]

    scaled = estate.update(name, desiredCount=3)
    assert [each["id"] for each in scaled["deployments"]] == [first["id"]]

    widened = estate.update(name, networkConfiguration=estate.network(2))

    assert statuses(widened) == ["PRIMARY", "ACTIVE"]
    for found in (widened, widened["deployments"][0]):
        network = found["networkConfiguration"]["awsvpcConfiguration"]
        assert network["subnets"] == estate.subnets
    older = widened["deployments"][1]["networkConfiguration"]["awsvpcConfiguration"]
    assert older["subnets"] == estate.subnets[:1]
    unchanged = estate.update(name, networkConfiguration=estate.network(2))
    assert unchanged["deployments"][0]["id"] == widened["deployments"][0]["id"]


def test_subnets_that_do_not_exist_change_nothing(estate: Estate) -> None:
    name = estate.service()
    network = {"awsvpcConfiguration": {"subnets": ["subnet-12345678"], "securityGroups": []}}

    with pytest.raises(ClientError, match="InvalidParameterException"):
        estate.update(name, networkConfiguration=network)

    found = estate.described(name)["networkConfiguration"]["awsvpcConfiguration"]
    assert found["subnets"] == estate.subnets[:1]


def test_what_does_not_exist_is_named(estate: Estate) -> None:
    answer = estate.ecs.describe_services(cluster=estate.cluster, services=["absent"])
    assert [each["reason"] for each in answer["failures"]] == ["MISSING"]
    assert answer["services"] == []
    with pytest.raises(ClientError, match="ServiceNotFoundException"):
        estate.update("absent", forceNewDeployment=True)
    with pytest.raises(ClientError, match="ClusterNotFoundException"):
        estate.ecs.update_service(cluster="absent", service="absent")
    with pytest.raises(ClientError, match="ClusterNotFoundException"):
        estate.ecs.describe_services(cluster="absent", services=["absent"])


def test_a_deleted_service_is_inactive_and_in_no_list(estate: Estate) -> None:
    name = estate.service()

    estate.ecs.delete_service(cluster=estate.cluster, service=name, force=True)

    found = estate.described(name)
    assert (found["status"], found["deployments"]) == ("INACTIVE", [])
    with pytest.raises(ClientError, match="ServiceNotActiveException"):
        estate.update(name, forceNewDeployment=True)
    listed = estate.ecs.list_services(cluster=estate.cluster)["serviceArns"]
    assert arn("ecs", f"service/{estate.cluster}/{name}") not in listed


def test_a_deleted_cluster_is_in_no_list_and_can_be_made_again(estate: Estate) -> None:
    ecs, name = estate.ecs, unique("cluster")
    ecs.create_cluster(clusterName=name)

    assert ecs.delete_cluster(cluster=name)["cluster"]["status"] == "INACTIVE"

    assert arn("ecs", f"cluster/{name}") not in ecs.list_clusters()["clusterArns"]
    with pytest.raises(ClientError, match="ClusterNotFoundException"):
        ecs.list_services(cluster=name)
    assert ecs.create_cluster(clusterName=name)["cluster"]["status"] == "ACTIVE"


def test_what_may_scale_keeps_its_tags(aws: LocalAws, estate: Estate) -> None:
    scaling = aws.client("application-autoscaling")
    target = {
        "ServiceNamespace": "ecs",
        "ResourceId": f"service/{estate.cluster}/{estate.service()}",
        "ScalableDimension": "ecs:service:DesiredCount",
    }
    made = scaling.register_scalable_target(
        **target, MinCapacity=1, MaxCapacity=2, Tags={"stack": "one"}
    )["ScalableTargetARN"]

    scaling.tag_resource(ResourceARN=made, Tags={"team": "two"})
    scaling.untag_resource(ResourceARN=made, TagKeys=["stack"])

    assert scaling.list_tags_for_resource(ResourceARN=made)["Tags"] == {"team": "two"}
    scaling.deregister_scalable_target(**target)
    assert scaling.list_tags_for_resource(ResourceARN=made)["Tags"] == {}
