"""File systems, launch templates and groups keep what Terraform sets, and let go of it."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAws
from tests.unit.local_aws.workshop import unique


@pytest.fixture
def file_system(aws: LocalAws) -> str:
    """A new file system."""
    made = aws.client("efs").create_file_system(CreationToken=unique("token"))
    return str(made["FileSystemId"])


def test_backups_can_be_switched_on_and_off(aws: LocalAws, file_system: str) -> None:
    efs = aws.client("efs")
    with pytest.raises(ClientError, match="PolicyNotFound"):
        efs.describe_backup_policy(FileSystemId=file_system)
    for status in ("ENABLED", "DISABLED"):
        efs.put_backup_policy(FileSystemId=file_system, BackupPolicy={"Status": status})
        described = efs.describe_backup_policy(FileSystemId=file_system)
        assert described["BackupPolicy"] == {"Status": status}


def test_a_policy_can_be_deleted(aws: LocalAws, file_system: str) -> None:
    efs = aws.client("efs")
    efs.put_file_system_policy(FileSystemId=file_system, Policy="{}")

    efs.delete_file_system_policy(FileSystemId=file_system)

    with pytest.raises(ClientError, match="PolicyNotFound"):
        efs.describe_file_system_policy(FileSystemId=file_system)


def test_throughput_can_be_changed(aws: LocalAws, file_system: str) -> None:
    efs = aws.client("efs")
    efs.update_file_system(
        FileSystemId=file_system, ThroughputMode="provisioned", ProvisionedThroughputInMibps=16
    )

    [found] = efs.describe_file_systems(FileSystemId=file_system)["FileSystems"]
    assert found["ThroughputMode"] == "provisioned"
    assert found["ProvisionedThroughputInMibps"] == 16


def test_settings_of_no_file_system_are_refused(aws: LocalAws) -> None:
    efs, absent = aws.client("efs"), "fs-12345678"
    with pytest.raises(ClientError, match="FileSystemNotFound"):
        efs.put_backup_policy(FileSystemId=absent, BackupPolicy={"Status": "ENABLED"})
    with pytest.raises(ClientError, match="FileSystemNotFound"):
        efs.delete_file_system_policy(FileSystemId=absent)


def test_tags_of_a_launch_template_are_not_tags_of_its_instances(aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    tags = [{"Key": "stack", "Value": "one"}]
    made = ec2.create_launch_template(
        LaunchTemplateName=unique("template"),
        LaunchTemplateData={
            "InstanceType": "t3.micro",
            "TagSpecifications": [{"ResourceType": "instance", "Tags": tags}],
        },
        TagSpecifications=[{"ResourceType": "launch-template", "Tags": tags}],
    )["LaunchTemplate"]

    [version] = ec2.describe_launch_template_versions(LaunchTemplateId=made["LaunchTemplateId"])[
        "LaunchTemplateVersions"
    ]

    assert made["Tags"] == tags
    specified = version["LaunchTemplateData"]["TagSpecifications"]
    assert [each["ResourceType"] for each in specified] == ["instance"]


def test_instances_that_were_protected_end_when_their_group_lets_them_go(aws: LocalAws) -> None:
    ec2, scaling, group = aws.client("ec2"), aws.client("autoscaling"), unique("group")
    vpc = ec2.create_vpc(CidrBlock="10.70.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.70.0.0/24")["Subnet"]["SubnetId"]
    template = ec2.create_launch_template(
        LaunchTemplateName=group, LaunchTemplateData={"InstanceType": "t3.micro"}
    )["LaunchTemplate"]["LaunchTemplateId"]
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=group,
        LaunchTemplate={"LaunchTemplateId": template},
        MinSize=0,
        MaxSize=2,
        DesiredCapacity=2,
        NewInstancesProtectedFromScaleIn=True,
        VPCZoneIdentifier=subnet,
    )

    def instances() -> list[str]:
        [found] = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[group])[
            "AutoScalingGroups"
        ]
        return [each["InstanceId"] for each in found["Instances"]]

    protected = instances()
    scaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=0)
    assert instances() == protected
    scaling.set_instance_protection(
        AutoScalingGroupName=group, InstanceIds=protected[:1], ProtectedFromScaleIn=False
    )
    assert instances() == protected[1:]

    scaling.delete_auto_scaling_group(AutoScalingGroupName=group, ForceDelete=True)

    [*left] = ec2.describe_instances(InstanceIds=protected)["Reservations"]
    states = [each["State"]["Name"] for one in left for each in one["Instances"]]
    assert states == ["terminated", "terminated"]
    ec2.delete_subnet(SubnetId=subnet)
