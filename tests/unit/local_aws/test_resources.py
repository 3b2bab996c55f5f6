"""Which ARNs a request is about, for the services whose requests don't simply name one."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws.account import REGION
from scripts.local_aws.iam.resources import Call, resources
from tests.unit.local_aws.workshop import Workshop, allow, arn, unique

EXPORT = arn("dynamodb", "table/orders/export/0169-a1")
TASK = arn("datasync", "task/task-1")
EXECUTION = arn("datasync", "task/task-1/execution/exec-1")
SERVICE = arn("ecs", "service/shop/web")
MACHINE = arn("states", "stateMachine:monthly")


@pytest.mark.parametrize(
    ("request_of", "parameters", "expected"),
    [
        ("dynamodb:Scan", {"TableName": "orders"}, arn("dynamodb", "table/orders")),
        (
            "dynamodb:Scan",
            {"TableName": arn("dynamodb", "table/orders")},
            arn("dynamodb", "table/orders"),
        ),
        (
            "dynamodb:Query",
            {"TableName": "orders", "IndexName": "day"},
            arn("dynamodb", "table/orders/index/day"),
        ),
        (
            "dynamodb:ExportTableToPointInTime",
            {"TableArn": arn("dynamodb", "table/orders")},
            arn("dynamodb", "table/orders"),
        ),
        ("dynamodb:DescribeExport", {"ExportArn": EXPORT}, EXPORT),
        ("dynamodb:ListExports", {"TableArn": arn("dynamodb", "table/orders")}, "*"),
        (
            "dynamodb:DescribeContinuousBackups",
            {"TableName": "orders"},
            arn("dynamodb", "table/orders"),
        ),
        (
            "elasticfilesystem:CreateMountTarget",
            {"FileSystemId": "fs-1"},
            arn("elasticfilesystem", "file-system/fs-1"),
        ),
        (
            "elasticfilesystem:DescribeMountTargets",
            {"FileSystemId": arn("elasticfilesystem", "file-system/fs-1")},
            arn("elasticfilesystem", "file-system/fs-1"),
        ),
        (
            "elasticfilesystem:DescribeAccessPoints",
            {"AccessPointId": "fsap-1"},
            arn("elasticfilesystem", "access-point/fsap-1"),
        ),
        ("elasticfilesystem:DescribeFileSystems", {}, "*"),
        ("datasync:StartTaskExecution", {"TaskArn": TASK}, TASK),
        ("datasync:DescribeTaskExecution", {"TaskExecutionArn": EXECUTION}, EXECUTION),
        ("datasync:CreateTask", {"SourceLocationArn": "arn:aws:datasync:loc-1"}, "*"),
        ("datasync:ListTaskExecutions", {"TaskArn": TASK}, "*"),
        ("ec2:DescribeVpnConnections", {}, "*"),
        (
            "ec2:DeleteVpnConnection",
            {"VpnConnectionId": "vpn-1"},
            arn("ec2", "vpn-connection/vpn-1"),
        ),
        ("states:StartExecution", {"stateMachineArn": MACHINE}, MACHINE),
        ("states:StopExecution", {"executionArn": f"{MACHINE}:x"}, f"{MACHINE}:x"),
        ("states:CreateStateMachine", {"name": "monthly"}, MACHINE),
        ("states:ListStateMachines", {}, "*"),
        ("ecs:UpdateService", {"cluster": "shop", "service": "web"}, SERVICE),
        ("ecs:UpdateService", {"cluster": "shop", "service": SERVICE}, SERVICE),
        ("ecs:DescribeServices", {"cluster": "shop", "services": ["web"]}, SERVICE),
        ("ecs:CreateService", {"cluster": "shop", "serviceName": "web"}, SERVICE),
        ("ecs:DescribeClusters", {"clusters": ["shop"]}, arn("ecs", "cluster/shop")),
        ("ecs:ListServices", {"cluster": "shop"}, "*"),
        ("ecs:DescribeTasks", {"cluster": "shop", "tasks": ["1"]}, arn("ecs", "task/shop/1")),
        ("application-autoscaling:DescribeScalableTargets", {}, "*"),
        ("kms:Decrypt", {"KeyId": "1-2"}, arn("kms", "key/1-2")),
        ("ssm:PutParameter", {"Name": "/app/targets"}, arn("ssm", "parameter/app/targets")),
    ],
)
def test_a_request_is_about_its_resource(
    request_of: str, parameters: dict[str, Any], expected: str
) -> None:
    service, action = request_of.split(":")

    assert resources(Call(service, action, REGION, "/", parameters.get)) == [expected]


def test_a_batch_is_about_each_of_its_tables() -> None:
    writes = {"TransactItems": [{"Put": {"TableName": "b"}}, {"Delete": {"TableName": "a"}}]}
    reads: dict[str, Any] = {"RequestItems": {"b": {}, "a": {}}}
    tables = [arn("dynamodb", "table/a"), arn("dynamodb", "table/b")]

    for action, asked in (("TransactWriteItems", writes), ("BatchGetItem", reads)):
        assert resources(Call("dynamodb", action, REGION, "/", asked.get)) == tables


def test_a_mount_target_counts_as_its_file_system(workshop: Workshop) -> None:
    """Also to a role: its requests arrive under the names its policies use."""
    aws = workshop.aws
    vpc = aws.client("ec2").create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = aws.client("ec2").create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24")["Subnet"]
    systems = [
        aws.client("efs").create_file_system(CreationToken=unique("t"))["FileSystemId"]
        for _ in range(2)
    ]
    targets = [
        aws.client("efs").create_mount_target(FileSystemId=each, SubnetId=subnet["SubnetId"])
        for each in systems
    ]
    own = arn("elasticfilesystem", f"file-system/{systems[0]}")
    role = workshop.role(allow("elasticfilesystem:DescribeMountTargetSecurityGroups", own))
    mine, other = (each["MountTargetId"] for each in targets)
    efs = aws.client_as(role, "efs")

    efs.describe_mount_target_security_groups(MountTargetId=mine)
    with pytest.raises(ClientError, match="DescribeMountTargetSecurityGroups on resource"):
        efs.describe_mount_target_security_groups(MountTargetId=other)


def test_an_alias_counts_as_its_key(workshop: Workshop) -> None:
    kms = workshop.aws.client("kms")
    key = kms.create_key()["KeyMetadata"]
    alias = f"alias/{unique('key')}"
    kms.create_alias(AliasName=alias, TargetKeyId=key["KeyId"])
    role = workshop.role(allow("kms:GenerateDataKey", key["Arn"]))

    workshop.aws.client_as(role, "kms").generate_data_key(KeyId=alias, KeySpec="AES_256")
    with pytest.raises(ClientError, match="kms:Decrypt"):
        workshop.aws.client_as(role, "kms").decrypt(CiphertextBlob=b"x" * 200, KeyId=alias)


def test_the_cluster_of_a_service_can_be_a_condition(workshop: Workshop) -> None:
    aws = workshop.aws
    cluster = aws.client("ecs").create_cluster(clusterName=unique("shop"))["cluster"]
    listing = {
        **allow("ecs:ListServices", "*"),
        "Condition": {"ArnEquals": {"ecs:cluster": cluster["clusterArn"]}},
    }
    ecs = aws.client_as(workshop.role(listing), "ecs")

    ecs.list_services(cluster=cluster["clusterName"])
    with pytest.raises(ClientError, match="ecs:ListServices"):
        ecs.list_services(cluster="other")
