"""Makes what the tests need in the local AWS: roles, functions, queues, and patience."""

from __future__ import annotations

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from scripts.local_aws import IamRecord, LocalAws
from scripts.local_aws.account import ACCOUNT, REGION

T = TypeVar("T")

LOGS = {"Effect": "Allow", "Action": "logs:*", "Resource": "*"}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
        }
    ],
}


def unique(name: str) -> str:
    """A name that no other test uses."""
    return f"{name}-{uuid.uuid4().hex[:8]}"


def arn(service: str, resource: str) -> str:
    """An ARN in the account and region of the local AWS."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def allow(action: str | list[str], *resources: str) -> dict[str, Any]:
    """A statement."""
    return {"Effect": "Allow", "Action": action, "Resource": list(resources)}


def zipped(**files: str) -> bytes:
    """A zip; `__` in a name stands for `/`, and `.py` is added."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/") + ".py", text)
    return content.getvalue()


def eventually(look: Callable[[], T], *, within: float = 10) -> T:
    """Look until there is something to see."""
    until = time.monotonic() + within
    while not (seen := look()) and time.monotonic() < until:
        time.sleep(0.03)
    assert seen, f"nothing came within {within} s"
    return seen


@dataclass(frozen=True)
class Answer:
    """What an invocation returned."""

    status: int
    payload: Any
    error: str | None
    headers: dict[str, str]


@dataclass(frozen=True)
class Function:
    """A function in the local AWS."""

    aws: LocalAws
    name: str
    role: str

    @property
    def arn(self) -> str:
        return arn("lambda", f"function:{self.name}")

    def invoke(self, event: Any = None, **settings: Any) -> Answer:
        """Invoke it, by default waiting for the answer."""
        response = self.aws.client("lambda").invoke(
            FunctionName=self.name, Payload=json.dumps(event), **settings
        )
        body = response["Payload"].read()
        return Answer(
            response["StatusCode"],
            json.loads(body) if body else None,
            response.get("FunctionError"),
            response["ResponseMetadata"]["HTTPHeaders"],
        )

    def log(self) -> list[str]:
        """Every line it logged so far, without the line break that ends it in AWS."""
        logs = self.aws.client("logs")
        try:
            events = logs.filter_log_events(logGroupName=f"/aws/lambda/{self.name}")["events"]
        except logs.exceptions.ResourceNotFoundException:
            return []
        return [event["message"].removesuffix("\n") for event in events]

    def logged(self, text: str, *, times: int = 1) -> list[str]:
        """Wait until lines with `text` are in the log, and return them."""
        return eventually(lambda: [found] if len(found := self._lines_with(text)) >= times else [])[
            0
        ]

    def records(self, action: str) -> list[IamRecord]:
        """What its role did of an action."""
        known = self.aws.iam_records()
        return [each for each in known if each.role == self.role and each.action == action]

    def metric(self, name: str, statistic: str = "Sum", **dimensions: str) -> float | None:
        """A metric of AWS/Lambda since the start."""
        wanted = {"FunctionName": self.name, **dimensions}
        return metric(self.aws, "AWS/Lambda", name, statistic, **wanted)

    def _lines_with(self, text: str) -> list[str]:
        return [line for line in self.log() if text in line]


@dataclass(frozen=True)
class Workshop:
    """Makes things in one local AWS."""

    aws: LocalAws

    def role(self, *statements: dict[str, Any], **settings: Any) -> str:
        """A role for functions; returns its name."""
        name = unique("role")
        iam = self.aws.client("iam")
        settings = {"AssumeRolePolicyDocument": json.dumps(TRUST), **settings}
        iam.create_role(RoleName=name, **settings)
        self.grant(name, *statements)
        return name

    def grant(self, role: str, *statements: dict[str, Any]) -> None:
        """Give a role these statements in the place of those it had."""
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        self.aws.client("iam").put_role_policy(
            RoleName=role, PolicyName="granted", PolicyDocument=json.dumps(document)
        )

    def function(
        self, source: str = "def run(event, context): return event", **settings: Any
    ) -> Function:
        """A function whose handler `run` is in `source`, with a role that may log."""
        role = settings.pop("role", None) or self.role(LOGS)
        name = unique("function")
        self.aws.client("lambda").create_function(
            **{
                "FunctionName": name,
                "Role": f"arn:aws:iam::{ACCOUNT}:role/{role}",
                "Runtime": "python3.13",
                "Handler": "app.run",
                "Timeout": 10,
                "Code": {"ZipFile": zipped(app=source)},
                **settings,
            }
        )
        return Function(self.aws, name, role)

    def queue(self, **attributes: str) -> Queue:
        """A queue."""
        name = unique("queue")
        sqs = self.aws.client("sqs")
        return Queue(
            self.aws, name, sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        )

    def bucket(self) -> str:
        """A bucket."""
        name = unique("bucket")
        self.aws.client("s3").create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        return name


@dataclass(frozen=True)
class Queue:
    """A queue in the local AWS."""

    aws: LocalAws
    name: str
    url: str

    @property
    def arn(self) -> str:
        return arn("sqs", self.name)

    def message(self) -> dict[str, Any]:
        """Wait for a message and take it."""
        return eventually(self.messages)[0]

    def messages(self) -> list[dict[str, Any]]:
        """Take what is there."""
        response = self.aws.client("sqs").receive_message(
            QueueUrl=self.url, MessageAttributeNames=["All"], MaxNumberOfMessages=10
        )
        found: list[dict[str, Any]] = response.get("Messages", [])
        return found

    def bodies_until(self, last: Callable[[Any], bool]) -> list[Any]:
        """Take messages until the last one has come; their bodies, in any order."""
        bodies: list[Any] = []

        def arrived() -> bool:
            bodies.extend(json.loads(each["Body"]) for each in self.messages())
            return any(map(last, bodies))

        eventually(arrived)
        return bodies

    def open_to(self, service: str, source: str) -> None:
        """Let an AWS service send to it on behalf of a source."""
        statement = {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sqs:SendMessage",
            "Resource": self.arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": source}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.aws.client("sqs").set_queue_attributes(
            QueueUrl=self.url, Attributes={"Policy": policy}
        )


def attributes(message: dict[str, Any]) -> dict[str, str]:
    """A message's attributes as text."""
    described = message.get("MessageAttributes", {})
    return {name: value["StringValue"] for name, value in described.items()}


def metric(
    aws: LocalAws, namespace: str, name: str, statistic: str, **dimensions: str
) -> float | None:
    """A metric since the start, or None."""
    now = time.time()
    points = aws.client("cloudwatch").get_metric_statistics(
        Namespace=namespace,
        MetricName=name,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        StartTime=now - 3600,
        EndTime=now + 60,
        Period=7200,
        Statistics=[statistic],
    )["Datapoints"]
    return float(points[0][statistic]) if points else None
