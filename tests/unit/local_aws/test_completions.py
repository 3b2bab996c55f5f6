"""Small things that moto gets wrong, and what happens when it no longer does."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.local_aws.patching import MotoChangedError, replace
from tests.unit.local_aws.workshop import Workshop, allow, arn, metric


class Moto:
    """Stands for a class of moto's."""

    def answer(self) -> str:
        return "moto"


def test_a_method_is_replaced_by_the_function_of_its_name() -> None:
    @replace(Moto)
    def answer(self: Any) -> str:
        del self
        return "completed"

    assert Moto().answer() == "completed"


def test_a_method_that_moto_no_longer_has_is_noticed() -> None:
    with pytest.raises(MotoChangedError, match="Moto has no question to replace"):

        @replace(Moto)
        def question(self: Any) -> None:
            del self


@pytest.mark.parametrize("direction", ["ingress", "egress"])
def test_a_rule_for_another_security_group_keeps_its_description(
    workshop: Workshop, direction: str
) -> None:
    ec2 = workshop.aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    [mine, other] = [
        ec2.create_security_group(VpcId=vpc, GroupName=name, Description="x")["GroupId"]
        for name in ("mine", "other")
    ]
    permission = {
        "IpProtocol": "tcp",
        "FromPort": 5432,
        "ToPort": 5432,
        "UserIdGroupPairs": [{"GroupId": other, "Description": "the database"}],
    }

    authorize = getattr(ec2, f"authorize_security_group_{direction}")
    [rule] = authorize(GroupId=mine, IpPermissions=[permission])["SecurityGroupRules"]

    found = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
    assert found["SecurityGroupRules"][0]["Description"] == "the database"


def test_the_number_of_messages_is_published_as_it_changes(workshop: Workshop) -> None:
    queue, sqs = workshop.queue(VisibilityTimeout="0"), workshop.aws.client("sqs")

    def seen(statistic: str) -> float | None:
        name = "ApproximateNumberOfMessagesVisible"
        return metric(workshop.aws, "AWS/SQS", name, statistic, QueueName=queue.name)

    for body in "abc":
        sqs.send_message(QueueUrl=queue.url, MessageBody=body)
    assert seen("Maximum") == 3

    sqs.delete_message(QueueUrl=queue.url, ReceiptHandle=queue.message()["ReceiptHandle"])
    assert seen("SampleCount") == 4
    sqs.purge_queue(QueueUrl=queue.url)
    assert seen("Minimum") == 0


def test_statistics_of_a_metric_are_those_of_its_very_dimensions(workshop: Workshop) -> None:
    cloudwatch = workshop.aws.client("cloudwatch")
    narrow = [{"Name": "Job", "Value": "a"}, {"Name": "Phase", "Value": "b"}]
    for dimensions in (narrow[:1], narrow):
        datum = {"MetricName": "Rows", "Value": 1, "Dimensions": dimensions}
        cloudwatch.put_metric_data(Namespace="tests", MetricData=[datum])

    assert metric(workshop.aws, "tests", "Rows", "Sum", Job="a") == 1
    assert metric(workshop.aws, "tests", "Rows", "Sum", Job="a", Phase="b") == 1


def test_an_instance_is_in_the_groups_of_its_interface_and_has_no_public_address(
    workshop: Workshop,
) -> None:
    ec2 = workshop.aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(VpcId=vpc, GroupName="host", Description="x")["GroupId"]
    interface = {
        "DeviceIndex": 0,
        "SubnetId": subnet,
        "Groups": [group],
        "AssociatePublicIpAddress": False,
    }

    [instance] = ec2.run_instances(
        ImageId="ami-12345678", MinCount=1, MaxCount=1, NetworkInterfaces=[interface]
    )["Instances"]

    assert [each["GroupId"] for each in instance["SecurityGroups"]] == [group]
    assert "Association" not in instance["NetworkInterfaces"][0]


def test_detailed_monitoring_of_an_instance_goes_on_and_off(workshop: Workshop) -> None:
    ec2 = workshop.aws.client("ec2")
    [instance] = ec2.run_instances(ImageId="ami-12345678", MinCount=1, MaxCount=1)["Instances"]
    ids = [instance["InstanceId"]]

    def state() -> str:
        found = ec2.describe_instances(InstanceIds=ids)["Reservations"][0]["Instances"][0]
        return str(found["Monitoring"]["State"])

    ec2.monitor_instances(InstanceIds=ids)
    assert state() == "enabled"
    ec2.unmonitor_instances(InstanceIds=ids)
    assert state() == "disabled"


def test_a_policy_may_be_about_jobs_of_batch_operations(workshop: Workshop) -> None:
    workshop.role(allow("s3:DescribeJob", arn("s3", "job/*")))
