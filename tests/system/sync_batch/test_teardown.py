"""Runs last: what is destroyed is gone."""

import os

import pytest

from scripts import terraform
from tests.system.system import FUNCTION, GROUP, System


@pytest.mark.skipif("ESTATE" in os.environ, reason="the estate is lent: its stack stays")
def test_destroy_leaves_nothing(system: System) -> None:
    terraform.destroy(system.stack)
    client = system.client
    assert client("lambda").list_functions()["Functions"] == []
    assert client("lambda").list_layers()["Layers"] == []
    assert client("events").list_rules()["Rules"] == []
    assert client("sqs").list_queues(QueueNamePrefix=FUNCTION).get("QueueUrls", []) == []
    assert client("sns").list_topics()["Topics"] == []
    assert client("cloudwatch").describe_alarms()["MetricAlarms"] == []
    assert client("logs").describe_log_groups(logGroupNamePrefix=GROUP)["logGroups"] == []
    roles = client("iam").list_roles()["Roles"]
    assert [role["RoleName"] for role in roles if FUNCTION in role["RoleName"]] == []
    assert [
        group["GroupName"]
        for group in client("ec2").describe_security_groups()["SecurityGroups"]
        if group["IpPermissions"] and group["GroupName"] != "default"
    ] == [], "the database's group lets nobody in any more"
    assert client("sns").list_subscriptions()["Subscriptions"] == []
    groups = client("ec2").describe_security_groups()["SecurityGroups"]
    assert [group["GroupName"] for group in groups if FUNCTION in group["GroupName"]] == []
