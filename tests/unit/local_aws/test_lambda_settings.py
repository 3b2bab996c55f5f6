"""What Lambda is told about a function, it keeps: or Terraform would see a change every time."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_aws.workshop import LOGS, Function, Workshop, allow

NETWORK = {"SubnetIds": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}
NETWORK_ACTIONS = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]
TRACING_ACTIONS = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]


def described(function: Function) -> dict[str, Any]:
    """The function's settings."""
    client = function.aws.client("lambda")
    found: dict[str, Any] = client.get_function_configuration(FunctionName=function.name)
    return found


def test_settings_at_creation_are_kept(workshop: Workshop) -> None:
    queue = workshop.queue()
    role = workshop.role(
        LOGS,
        allow("sqs:SendMessage", queue.arn),
        allow([*NETWORK_ACTIONS, *TRACING_ACTIONS], "*"),
    )
    function = workshop.function(
        role=role,
        DeadLetterConfig={"TargetArn": queue.arn},
        LoggingConfig={"LogFormat": "Text", "LogGroup": "/aws/lambda/elsewhere"},
        TracingConfig={"Mode": "Active"},
        VpcConfig=NETWORK,
    )

    kept = described(function)

    assert kept["DeadLetterConfig"] == {"TargetArn": queue.arn}
    assert kept["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "/aws/lambda/elsewhere"}
    assert kept["TracingConfig"] == {"Mode": "Active"}
    assert kept["VpcConfig"]["SubnetIds"] == ["subnet-1"]


def test_updates_are_kept_and_leave_the_rest(workshop: Workshop) -> None:
    queue = workshop.queue()
    role = workshop.role(LOGS, allow("sqs:SendMessage", queue.arn), allow(TRACING_ACTIONS, "*"))
    function = workshop.function(role=role)
    client = workshop.aws.client("lambda")

    for update in (
        {"DeadLetterConfig": {"TargetArn": queue.arn}},
        {"TracingConfig": {"Mode": "Active"}},
        {"EphemeralStorage": {"Size": 1024}},
        {"LoggingConfig": {"LogGroup": "/aws/lambda/other"}},
    ):
        client.update_function_configuration(FunctionName=function.name, **update)

    kept = described(function)
    assert kept["DeadLetterConfig"] == {"TargetArn": queue.arn}
    assert kept["TracingConfig"] == {"Mode": "Active"}
    assert kept["EphemeralStorage"] == {"Size": 1024}
    assert kept["LoggingConfig"]["LogGroup"] == "/aws/lambda/other"

    client.update_function_configuration(
        FunctionName=function.name, DeadLetterConfig={"TargetArn": ""}
    )
    assert "DeadLetterConfig" not in described(function)


def test_event_settings_belong_to_a_qualifier(workshop: Workshop) -> None:
    function = workshop.function()
    client = workshop.aws.client("lambda")
    client.create_alias(FunctionName=function.name, Name="live", FunctionVersion="$LATEST")
    live = {"FunctionName": function.name, "Qualifier": "live"}

    client.put_function_event_invoke_config(**live, MaximumRetryAttempts=2)
    client.put_function_event_invoke_config(**live, MaximumRetryAttempts=1)
    client.update_function_event_invoke_config(**live, MaximumEventAgeInSeconds=600)

    kept = client.get_function_event_invoke_config(**live)
    assert kept["FunctionArn"] == f"{function.arn}:live"
    assert (kept["MaximumRetryAttempts"], kept["MaximumEventAgeInSeconds"]) == (1, 600)
    assert kept["LastModified"]
    listed = client.list_function_event_invoke_configs(FunctionName=function.name)
    assert len(listed["FunctionEventInvokeConfigs"]) == 1
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function_event_invoke_config(FunctionName=function.name)
    client.delete_function_event_invoke_config(**live)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function_event_invoke_config(**live)


@pytest.mark.parametrize("missing", NETWORK_ACTIONS)
def test_a_function_in_a_vpc_needs_a_role_that_may_attach_it(
    workshop: Workshop, missing: str
) -> None:
    rest = [action for action in NETWORK_ACTIONS if action != missing]
    role = workshop.role(LOGS, allow(rest, "*"))

    with pytest.raises(ClientError, match=f"may not call {missing}"):
        workshop.function(role=role, VpcConfig=NETWORK)


def test_attaching_to_a_vpc_is_recorded(workshop: Workshop) -> None:
    role = workshop.role(LOGS, allow(NETWORK_ACTIONS, "*"))

    function = workshop.function(role=role, VpcConfig=NETWORK)

    for action in NETWORK_ACTIONS:
        assert [each.allowed for each in function.records(action)] == [True]


def test_code_may_be_denied_what_lambda_needs_for_the_vpc(workshop: Workshop) -> None:
    """AWS advises a Deny for the function's code only: Lambda itself isn't affected."""
    mine = {"ArnLike": {"lambda:SourceFunctionArn": "arn:aws:lambda:*:*:function:*"}}
    deny = {"Effect": "Deny", "Action": "ec2:*", "Resource": "*", "Condition": mine}
    role = workshop.role(LOGS, allow("ec2:*", "*"), deny)

    function = workshop.function(
        "import boto3\ndef run(event, context): boto3.client('ec2').describe_subnets()",
        role=role,
        VpcConfig=NETWORK,
    )

    assert "explicit deny" in function.invoke().payload["errorMessage"]


def test_dead_letters_need_a_role_that_may_send_them(workshop: Workshop) -> None:
    queue = workshop.queue()

    with pytest.raises(ClientError, match=f"may not call sqs:SendMessage on {queue.arn}"):
        workshop.function(DeadLetterConfig={"TargetArn": queue.arn})


@pytest.mark.parametrize("missing", TRACING_ACTIONS)
def test_tracing_needs_a_role_that_may_send_traces(workshop: Workshop, missing: str) -> None:
    rest = [action for action in TRACING_ACTIONS if action != missing]
    role = workshop.role(LOGS, allow(rest, "*"))

    with pytest.raises(ClientError, match=f"may not call {missing}"):
        workshop.function(role=role, TracingConfig={"Mode": "Active"})


def test_traces_are_recorded_when_there_is_something_to_trace(workshop: Workshop) -> None:
    role = workshop.role(LOGS, allow(TRACING_ACTIONS, "*"))
    function = workshop.function(role=role, TracingConfig={"Mode": "Active"})
    assert function.records(TRACING_ACTIONS[0]) == []

    function.invoke()

    assert all(function.records(action)[0].count == 1 for action in TRACING_ACTIONS)


def test_a_role_that_lambda_may_not_assume_is_refused(workshop: Workshop) -> None:
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ec2.amazonaws.com"},
            }
        ],
    }
    role = workshop.role(LOGS, AssumeRolePolicyDocument=json.dumps(trust))

    with pytest.raises(ClientError, match=r"can't be assumed by lambda\.amazonaws\.com"):
        workshop.function(role=role)


def test_a_role_that_does_not_exist_is_refused(workshop: Workshop) -> None:
    with pytest.raises(ClientError, match="cannot be assumed by Lambda"):
        workshop.function(role="nobody")


def test_a_deleted_function_leaves_no_event_settings_behind(workshop: Workshop) -> None:
    function = workshop.function()
    client = workshop.aws.client("lambda")
    client.put_function_event_invoke_config(FunctionName=function.name, MaximumRetryAttempts=0)
    client.delete_function(FunctionName=function.name)

    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_function_event_invoke_config(FunctionName=function.name)
