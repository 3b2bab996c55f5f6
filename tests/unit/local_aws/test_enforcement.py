"""A function can do what its role allows, and nothing else; and all of it is written down."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws.account import ACCOUNT, REGION
from tests.unit.local_aws.workshop import LOGS, Function, Workshop, allow, arn, eventually, unique

CALLER = """
import boto3, functools
client_of = functools.cache(boto3.client)
def run(event, context):
    client = client_of(event["service"])
    answer = getattr(client, event["operation"])(**event["arguments"])
    answer.pop("ResponseMetadata")
    return repr(answer)
"""


@pytest.fixture(scope="module")
def caller(workshop: Workshop) -> Function:
    """A function that calls what the event says; its role is changed from test to test."""
    return workshop.function(CALLER, Timeout=30)


def call(function: Function, service: str, operation: str, **arguments: Any) -> Any:
    """Let the function call AWS; its error document, or None if the call was allowed."""
    event = {"service": service, "operation": operation, "arguments": arguments}
    answer = function.invoke(event)
    return answer.payload if answer.error else None


def test_each_service_names_its_resources(workshop: Workshop, caller: Function) -> None:
    """One resource of each service allowed, another one of the same kind not."""
    mine, other = _Things(workshop), _Things(workshop)
    for action, resource, service, operation, names in mine.calls():
        workshop.grant(caller.role, allow(action, resource))

        assert call(caller, service, operation, **names) is None, (action, resource)
        [other_names] = [each[4] for each in other.calls() if each[0] == action]
        refused = call(caller, service, operation, **other_names)
        assert "not authorized to perform" in str(refused), (action, refused)


class _Things:
    """One resource of each kind."""

    def __init__(self, workshop: Workshop) -> None:
        aws = workshop.aws
        self.name = unique("thing")
        self.bucket = workshop.bucket()
        self.queue = workshop.queue()
        self.function = workshop.function()
        self.topic = aws.client("sns").create_topic(Name=self.name)["TopicArn"]
        self.secret = aws.client("secretsmanager").create_secret(
            Name=self.name, SecretString="hidden"
        )["ARN"]
        aws.client("ssm").put_parameter(Name=f"/{self.name}/x", Value="1", Type="String")
        aws.client("logs").create_log_group(logGroupName=self.name)
        aws.client("events").create_event_bus(Name=self.name)
        aws.client("dynamodb").create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    def calls(self) -> list[tuple[str, str, str, str, dict[str, Any]]]:
        """Action, resource, and the call that needs them."""
        name = self.name
        entry = {"Source": "a", "DetailType": "b", "Detail": "{}", "EventBusName": name}
        return [
            (
                "s3:PutObject",
                f"arn:aws:s3:::{self.bucket}/raw/*",
                "s3",
                "put_object",
                {"Bucket": self.bucket, "Key": "raw/x"},
            ),
            (
                "s3:ListBucket",
                f"arn:aws:s3:::{self.bucket}",
                "s3",
                "list_objects_v2",
                {"Bucket": self.bucket},
            ),
            (
                "secretsmanager:GetSecretValue",
                self.secret,
                "secretsmanager",
                "get_secret_value",
                {"SecretId": name},
            ),
            (
                "sqs:SendMessage",
                self.queue.arn,
                "sqs",
                "send_message",
                {"QueueUrl": self.queue.url, "MessageBody": "x"},
            ),
            (
                "sns:Publish",
                self.topic,
                "sns",
                "publish",
                {"TopicArn": self.topic, "Message": "x"},
            ),
            (
                "logs:CreateLogStream",
                arn("logs", f"log-group:{name}:*"),
                "logs",
                "create_log_stream",
                {"logGroupName": name, "logStreamName": unique("stream")},
            ),
            (
                "lambda:InvokeFunction",
                self.function.arn,
                "lambda",
                "invoke",
                {"FunctionName": self.function.name, "InvocationType": "Event"},
            ),
            (
                "events:PutEvents",
                arn("events", f"event-bus/{name}"),
                "events",
                "put_events",
                {"Entries": [entry]},
            ),
            (
                "dynamodb:Scan",
                arn("dynamodb", f"table/{name}"),
                "dynamodb",
                "scan",
                {"TableName": name},
            ),
            (
                "ssm:GetParameter",
                arn("ssm", f"parameter/{name}/*"),
                "ssm",
                "get_parameter",
                {"Name": f"/{name}/x"},
            ),
        ]


@pytest.mark.parametrize(
    ("service", "asked", "error"),
    [
        ("s3", ("put_object", {"Bucket": "nobodys", "Key": "x"}), "AccessDenied"),
        ("secretsmanager", ("get_secret_value", {"SecretId": "x"}), "AccessDeniedException"),
        ("lambda", ("invoke", {"FunctionName": "x"}), "AccessDeniedException"),
        ("sns", ("publish", {"TopicArn": arn("sns", "x"), "Message": "x"}), "AuthorizationError"),
        ("iam", ("list_roles", {}), "AccessDenied"),
        ("ec2", ("describe_vpcs", {}), "UnauthorizedOperation"),
        ("cloudwatch", ("list_metrics", {}), "AccessDeniedException"),
    ],
)
def test_a_refusal_speaks_the_services_language(
    workshop: Workshop,
    caller: Function,
    service: str,
    asked: tuple[str, dict[str, Any]],
    error: str,
) -> None:
    workshop.grant(caller.role, LOGS)
    operation, arguments = asked

    refused = call(caller, service, operation, **arguments)

    assert error in (refused["errorType"], *refused["errorMessage"].split("(", 1)[1].split(")"))
    sentence = (
        f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{caller.role}/{caller.name} "
        f"is not authorized to perform: {service}:"
    )
    assert sentence in refused["errorMessage"]


def test_everything_is_recorded(workshop: Workshop) -> None:
    bucket = workshop.bucket()
    role = workshop.role(LOGS, allow("s3:PutObject", f"arn:aws:s3:::{bucket}/raw/*"))
    function = workshop.function(CALLER, role=role)

    for key in ("raw/x", "raw/x", "other/x"):
        call(function, "s3", "put_object", Bucket=bucket, Key=key)

    seen = [(each.resource, each.allowed, each.count) for each in function.records("s3:PutObject")]
    assert seen == [
        (f"arn:aws:s3:::{bucket}/other/x", False, 1),
        (f"arn:aws:s3:::{bucket}/raw/x", True, 2),
    ]


def test_an_explicit_deny_wins(workshop: Workshop, caller: Function) -> None:
    deny = {"Effect": "Deny", "Action": "sqs:*", "Resource": "*"}
    workshop.grant(caller.role, LOGS, allow("sqs:*", "*"), deny)

    refused = call(caller, "sqs", "list_queues")

    assert "with an explicit deny" in refused["errorMessage"]


def test_a_condition_nobody_can_evaluate_is_refused_aloud(
    workshop: Workshop, caller: Function
) -> None:
    strange = {**allow("sqs:*", "*"), "Condition": {"StringEquals": {"aws:Unheard": "x"}}}
    workshop.grant(caller.role, LOGS, strange)

    refused = call(caller, "sqs", "list_queues")

    assert "the condition key aws:Unheard has no known value here" in refused["errorMessage"]
    assert "aws:Unheard" in (workshop.aws.home / "aws.log").read_text()


def test_a_permissions_boundary_limits_the_role(workshop: Workshop) -> None:
    boundary = workshop.aws.client("iam").create_policy(
        PolicyName=unique("boundary"),
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [LOGS]}),
    )["Policy"]["Arn"]
    role = workshop.role(LOGS, allow("sqs:*", "*"), PermissionsBoundary=boundary)
    function = workshop.function(CALLER, role=role)

    refused = call(function, "sqs", "list_queues")

    assert "no permissions boundary allows" in refused["errorMessage"]
    assert function.logged("END RequestId")


def test_attached_policies_count_too(workshop: Workshop) -> None:
    iam = workshop.aws.client("iam")
    policy = iam.create_policy(
        PolicyName=unique("attached"),
        PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": allow("sqs:ListQueues", "*")}
        ),
    )["Policy"]["Arn"]
    role = workshop.role(LOGS)
    iam.attach_role_policy(RoleName=role, PolicyArn=policy)
    function = workshop.function(CALLER, role=role)

    assert call(function, "sqs", "list_queues") is None


def test_a_role_that_may_not_list_a_bucket_is_not_told_what_is_missing(
    workshop: Workshop, caller: Function
) -> None:
    bucket = workshop.bucket()
    reading = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
    workshop.grant(caller.role, LOGS, reading)
    refused = call(caller, "s3", "get_object", Bucket=bucket, Key="missing")
    assert refused["errorType"] == "AccessDenied"

    workshop.grant(caller.role, LOGS, reading, allow("s3:ListBucket", f"arn:aws:s3:::{bucket}"))
    missing = call(caller, "s3", "get_object", Bucket=bucket, Key="missing")
    assert missing["errorType"] == "NoSuchKey"


def test_everybody_may_ask_who_he_is(workshop: Workshop, caller: Function) -> None:
    workshop.grant(caller.role, LOGS)

    assert call(caller, "sts", "get_caller_identity") is None


def test_keys_of_an_assumed_role_are_limited_too(workshop: Workshop) -> None:
    role = workshop.role(allow("sqs:ListQueues", "*"))
    keys = workshop.aws.client("sts").assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}", RoleSessionName="me"
    )["Credentials"]
    import boto3  # noqa: PLC0415  # only here: everybody else takes the operator's clients

    def client(service: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]  # any service
            endpoint_url=workshop.aws.endpoint,
            region_name=REGION,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    client("sqs").list_queues()
    with pytest.raises(ClientError, match="not authorized to perform: sns:ListTopics"):
        client("sns").list_topics()


@pytest.mark.parametrize("missing", ["logs:CreateLogStream", "logs:PutLogEvents"])
def test_without_permission_the_log_is_lost_but_the_function_runs(
    workshop: Workshop, missing: str
) -> None:
    function = workshop.function("def run(event, context): print('heard by nobody'); return 1")
    rest = {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"} - {missing}
    workshop.grant(function.role, allow(sorted(rest), "*"))

    assert function.invoke().payload == 1
    assert function.log() == []
    [refused] = function.records(missing)
    assert not refused.allowed


def test_a_log_group_that_is_there_need_not_be_made(workshop: Workshop) -> None:
    function = workshop.function("def run(event, context): print('hello')")
    group = f"/aws/lambda/{function.name}"
    own = arn("logs", f"log-group:{group}:*")
    workshop.grant(function.role, allow(["logs:CreateLogStream", "logs:PutLogEvents"], own))

    function.invoke()
    assert function.log() == []  # there was no log group, and it might not make one

    workshop.aws.client("logs").create_log_group(logGroupName=group)
    function.invoke()
    assert eventually(lambda: "hello" in function.log())


def test_terms_of_a_bucket_policy_count(workshop: Workshop) -> None:
    bucket, s3 = workshop.bucket(), workshop.aws.client("s3")

    def close(condition: dict[str, Any]) -> None:
        deny = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
            "Condition": condition,
        }
        document = json.dumps({"Version": "2012-10-17", "Statement": [deny]})
        s3.put_bucket_policy(Bucket=bucket, Policy=document)

    s3.put_object(Bucket=bucket, Key="x", Body=b"1")
    close({"Bool": {"aws:SecureTransport": "false"}})
    assert s3.get_object(Bucket=bucket, Key="x")["Body"].read() == b"1"

    close({"Bool": {"aws:SecureTransport": "true"}})
    with pytest.raises(ClientError, match="403"):
        s3.get_object(Bucket=bucket, Key="x")
