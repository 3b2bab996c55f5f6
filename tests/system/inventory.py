"""What an account holds, so that a test can tell what a stack has left in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import jmespath  # type: ignore[import-untyped]  # it has no stubs

from scripts.local_aws.account import ACCOUNT

Inventory = dict[str, list[Any]]

_LISTINGS = {
    "functions": ("lambda", "list_functions", "Functions[].FunctionName"),
    "layers": ("lambda", "list_layers", "Layers[].LayerName"),
    "rules": ("events", "list_rules", "Rules[].Name"),
    "queues": ("sqs", "list_queues", "QueueUrls[]"),
    "topics": ("sns", "list_topics", "Topics[].TopicArn"),
    "subscriptions": ("sns", "list_subscriptions", "Subscriptions[].SubscriptionArn"),
    "alarms": ("cloudwatch", "describe_alarms", "MetricAlarms[].AlarmName"),
    "dashboards": ("cloudwatch", "list_dashboards", "DashboardEntries[].DashboardName"),
    "log groups": ("logs", "describe_log_groups", "logGroups[].logGroupName"),
    "roles": ("iam", "list_roles", "Roles[].RoleName"),
    "instance profiles": (
        "iam",
        "list_instance_profiles",
        "InstanceProfiles[].InstanceProfileName",
    ),
    "security groups and their rules": (
        "ec2",
        "describe_security_groups",
        "SecurityGroups[].[GroupName, length(IpPermissions)]",
    ),
    "instances": (
        "ec2",
        "describe_instances",
        "Reservations[].Instances[] | [?State.Name != 'terminated'].InstanceId",
    ),
    "volumes": ("ec2", "describe_volumes", "Volumes[].VolumeId"),
    "launch templates": (
        "ec2",
        "describe_launch_templates",
        "LaunchTemplates[].LaunchTemplateName",
    ),
    "groups of instances": (
        "autoscaling",
        "describe_auto_scaling_groups",
        "AutoScalingGroups[].AutoScalingGroupName",
    ),
    "file systems and their mount targets": (
        "efs",
        "describe_file_systems",
        "FileSystems[].[FileSystemId, NumberOfMountTargets]",
    ),
    "access points": ("efs", "describe_access_points", "AccessPoints[].AccessPointId"),
    "clusters": ("ecs", "list_clusters", "clusterArns[]"),
    "names of keys": (
        "kms",
        "list_aliases",
        "Aliases[?!starts_with(AliasName, 'alias/aws/')].AliasName",
    ),
    "state machines": ("stepfunctions", "list_state_machines", "stateMachines[].name"),
    "tasks of DataSync": ("datasync", "list_tasks", "Tasks[].Name"),
    "locations of DataSync": ("datasync", "list_locations", "Locations[].LocationUri"),
    "agents of DataSync": ("datasync", "list_agents", "Agents[].Name"),
    "VPN connections": (
        "ec2",
        "describe_vpn_connections",
        "VpnConnections[?!starts_with(State, 'delet')].VpnConnectionId",
    ),
    "VPN gateways": (
        "ec2",
        "describe_vpn_gateways",
        "VpnGateways[?!starts_with(State, 'delet')].VpnGatewayId",
    ),
    "customer gateways": (
        "ec2",
        "describe_customer_gateways",
        "CustomerGateways[?!starts_with(State, 'delet')].CustomerGatewayId",
    ),
    "endpoints": (
        "ec2",
        "describe_vpc_endpoints",
        "VpcEndpoints[?!starts_with(State, 'delet')].VpcEndpointId",
    ),
    "budgets": ("budgets", "describe_budgets", "Budgets[].BudgetName"),
    "tables": ("dynamodb", "list_tables", "TableNames[]"),
    "buckets": ("s3", "list_buckets", "Buckets[].Name"),
    "secrets": ("secretsmanager", "list_secrets", "SecretList[].Name"),
    "parameters": ("ssm", "describe_parameters", "Parameters[?!starts_with(Name, '/aws/')].Name"),
}


def inventory(client: Callable[[str], Any]) -> Inventory:
    """List all that there is.

    Args:
        client: makes a client for a service.
    """
    return {
        what: sorted(
            found
            for page in _pages(client(service), service, operation)
            for found in jmespath.search(names, page) or []
            if found is not None
        )
        for what, (service, operation, names) in _LISTINGS.items()
    }


def _pages(client: Any, service: str, operation: str) -> Iterable[Any]:
    """The answers to a question; a few come on one page only."""
    asked = {"AccountId": ACCOUNT} if service == "budgets" else {}
    if client.can_paginate(operation):
        return client.get_paginator(operation).paginate(**asked)  # type: ignore[no-any-return]
    return [getattr(client, operation)(**asked)]
