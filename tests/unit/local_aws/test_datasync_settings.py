"""Agents, locations, tasks and budgets tell what they were made of, so that a plan is clean."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAws
from scripts.local_aws.account import ACCOUNT
from tests.unit.local_aws.nas import Nas, make_nas
from tests.unit.local_aws.workshop import Workshop, unique

KEY = "LOCAL-00000-00000-00000-00001"
LINK = {
    "VpcEndpointId": "vpce-1",
    "SubnetArns": ["arn:aws:ec2:ap-northeast-1:123456789012:subnet/subnet-1"],
    "SecurityGroupArns": ["arn:aws:ec2:ap-northeast-1:123456789012:security-group/sg-1"],
}


@pytest.fixture
def datasync(aws: LocalAws) -> Any:
    """A client of somebody who may do everything."""
    return aws.client("datasync")


@pytest.fixture
def nas(workshop: Workshop) -> Nas:
    """A NAS."""
    return make_nas(workshop)


def test_an_agent_of_an_endpoint_tells_the_way_to_it(datasync: Any) -> None:
    made = datasync.create_agent(ActivationKey=KEY, AgentName="CIS-NAS-Sync-Agent", **LINK)

    told = datasync.describe_agent(AgentArn=made["AgentArn"])
    assert f":{ACCOUNT}:agent/agent-" in told["AgentArn"]
    assert told["Name"] == "CIS-NAS-Sync-Agent"
    assert (told["EndpointType"], told["PrivateLinkConfig"]) == ("PRIVATE_LINK", LINK)


def test_an_agent_of_an_endpoint_needs_a_subnet_and_a_group(datasync: Any) -> None:
    with pytest.raises(ClientError, match="needs a subnet and a group"):
        datasync.create_agent(ActivationKey=KEY, VpcEndpointId="vpce-1")


def test_what_is_in_use_is_not_deleted(datasync: Any, nas: Nas) -> None:
    task = nas.task()
    [agent] = datasync.describe_location_smb(LocationArn=nas.source)["AgentArns"]

    with pytest.raises(ClientError, match="in use"):
        datasync.delete_location(LocationArn=nas.source)
    with pytest.raises(ClientError, match="in use"):
        datasync.delete_agent(AgentArn=agent)
    datasync.delete_task(TaskArn=task)
    datasync.delete_location(LocationArn=nas.source)
    datasync.delete_agent(AgentArn=agent)
    with pytest.raises(ClientError, match="is not found"):
        datasync.describe_agent(AgentArn=agent)


def test_an_nfs_location_is_a_location(datasync: Any) -> None:
    agent = datasync.create_agent(ActivationKey=KEY)["AgentArn"]
    config = {"AgentArns": [agent]}
    made = datasync.create_location_nfs(
        ServerHostname="nas", Subdirectory="/export/cis", OnPremConfig=config
    )

    told = datasync.describe_location_nfs(LocationArn=made["LocationArn"])
    assert told["LocationUri"] == "nfs://nas/export/cis/"
    assert (told["OnPremConfig"], told["MountOptions"]) == (config, {"Version": "AUTOMATIC"})


def test_a_location_can_be_led_elsewhere(datasync: Any, nas: Nas) -> None:
    datasync.update_location_smb(LocationArn=nas.source, Subdirectory="/other", User="another")

    told = datasync.describe_location_smb(LocationArn=nas.source)
    assert told["LocationUri"] == f"smb://{nas.server}/other/"
    assert told["User"] == "another"


def test_a_bucket_s_location_tells_class_and_role(datasync: Any, nas: Nas) -> None:
    told = datasync.describe_location_s3(LocationArn=nas.destination)

    assert told["LocationUri"] == f"s3://{nas.bucket}/monthly-sync/"
    assert told["S3StorageClass"] == "INTELLIGENT_TIERING"
    assert told["S3Config"]["BucketAccessRoleArn"].endswith(f":role/{nas.role}")


def test_a_task_has_all_options_those_that_were_not_given_too(datasync: Any, nas: Nas) -> None:
    filters = [{"FilterType": "SIMPLE_PATTERN", "Value": "*.tmp|~$*"}]
    task = nas.task(Name="sync", Excludes=filters, Options={"BytesPerSecond": 12_500_000})

    told = datasync.describe_task(TaskArn=task)
    assert (told["Name"], told["Status"], told["Excludes"]) == ("sync", "AVAILABLE", filters)
    assert told["Options"]["BytesPerSecond"] == 12_500_000
    assert told["Options"]["VerifyMode"] == "POINT_IN_TIME_CONSISTENT"
    assert len(told["Options"]) == 15

    datasync.update_task(TaskArn=task, Options={"LogLevel": "TRANSFER"}, Excludes=[])
    told = datasync.describe_task(TaskArn=task)
    assert told["Options"]["LogLevel"] == "TRANSFER"
    assert told["Options"]["BytesPerSecond"] == 12_500_000
    assert (told["Name"], told["Excludes"]) == ("sync", [])


def test_tags_come_and_go(datasync: Any, nas: Nas) -> None:
    task = nas.task(Tags=[{"Key": "Application", "Value": "CIS-FileSearch"}])

    datasync.tag_resource(ResourceArn=task, Tags=[{"Key": "Schedule", "Value": "Monthly"}])
    datasync.untag_resource(ResourceArn=task, Keys=["Application"])

    tags = datasync.list_tags_for_resource(ResourceArn=task)["Tags"]
    assert tags == [{"Key": "Schedule", "Value": "Monthly"}]


def test_a_budget_tells_whom_it_tells(aws: LocalAws) -> None:
    budgets, name = aws.client("budgets"), unique("budget")
    notification = {
        "NotificationType": "ACTUAL",
        "ComparisonOperator": "GREATER_THAN",
        "Threshold": 80.0,
    }
    people = [{"SubscriptionType": "EMAIL", "Address": "people@example.com"}]
    limit = {"Amount": "20", "Unit": "USD"}
    budget = {"BudgetName": name, "BudgetType": "COST", "TimeUnit": "MONTHLY"}
    budgets.create_budget(
        AccountId=ACCOUNT,
        Budget={**budget, "BudgetLimit": limit},
        NotificationsWithSubscribers=[{"Notification": notification, "Subscribers": people}],
        ResourceTags=[{"Key": "Application", "Value": "CIS-FileSearch"}],
    )

    told = budgets.describe_subscribers_for_notification(
        AccountId=ACCOUNT, BudgetName=name, Notification=notification
    )
    tags = budgets.list_tags_for_resource(ResourceARN=f"arn:aws:budgets::{ACCOUNT}:budget/{name}")
    assert told["Subscribers"] == people
    assert tags["ResourceTags"] == [{"Key": "Application", "Value": "CIS-FileSearch"}]
