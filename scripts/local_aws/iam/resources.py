"""Which ARNs a request is about, service by service.

The resource types of every action:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from moto.secretsmanager.models import secretsmanager_backends

from scripts.local_aws.account import ACCOUNT, PARTITION


class UnknownServiceError(Exception):
    """Nobody has written down yet how requests to a service name their resource."""


@dataclass(frozen=True)
class Call:
    """A request as far as it names its resource.

    Attributes:
        service: As IAM names it.
        action: The operation, without the service.
        path: URL path.
        parameter: Value of a request parameter, or None.
    """

    service: str
    action: str
    region: str
    path: str
    parameter: Callable[[str], Any]

    def arn(self, resource: str) -> str:
        """The ARN of a resource of this service, or `resource` if it is one already."""
        if resource.startswith("arn:"):
            return resource
        return f"arn:{PARTITION}:{self.service}:{self.region}:{ACCOUNT}:{resource}"


def resources(call: Call) -> list[str]:
    """The ARNs a request is about: the caller must be allowed each of them.

    Raises:
        UnknownServiceError: The service isn't in the table below.
    """
    try:
        read = _RESOURCES[call.service]
    except KeyError:
        raise UnknownServiceError(
            f"how requests to {call.service} name their resource is not in iam/resources.py"
        ) from None
    return read(call)


def _nothing(_: Call) -> list[str]:
    return ["*"]


def _table(call: Call) -> list[str]:
    table = call.parameter("TableName")
    if not table:
        return ["*"]
    index = call.parameter("IndexName")
    return [call.arn(f"table/{table}") + (f"/index/{index}" if index else "")]


def _bus_or_rule(call: Call) -> list[str]:
    if call.action == "PutEvents":
        entries = call.parameter("Entries") or []
        buses = {entry.get("EventBusName") or "default" for entry in entries}
        return [bus if bus.startswith("arn:") else call.arn(f"event-bus/{bus}") for bus in buses]
    rule = call.parameter("Name") or call.parameter("Rule")
    return [call.arn(f"rule/{rule}")] if rule else ["*"]


def _function(call: Call) -> list[str]:
    _, _, rest = call.path.partition("/functions/")
    name = unquote(rest.split("/", 1)[0])
    if not name:
        return ["*"]
    qualifier = call.parameter("Qualifier")
    arn = name if name.startswith("arn:") else call.arn(f"function:{name}")
    return [f"{arn}:{qualifier}" if qualifier else arn]


def _log_group_or_stream(call: Call) -> list[str]:
    group = call.parameter("logGroupName")
    if not group:
        return ["*"]
    stream = call.parameter("logStreamName")
    return [call.arn(f"log-group:{group}:" + (f"log-stream:{stream}" if stream else "*"))]


def _secret(call: Call) -> list[str]:
    """A secret's ARN ends in six random characters, also when the request gives its name."""
    wanted = call.parameter("SecretId")
    if not wanted:
        return ["*"]
    known = secretsmanager_backends[ACCOUNT][call.region].secrets
    return [known[wanted].arn if wanted in known else call.arn(f"secret:{wanted}")]


def _role(call: Call) -> list[str]:
    return [call.parameter("RoleArn") or "*"]


def _job(call: Call) -> list[str]:
    """A job of S3 Batch Operations; requests about objects and buckets name them to moto."""
    _, _, rest = call.path.partition("/jobs/")
    return [call.arn(f"job/{rest.split('/', 1)[0]}")] if rest else ["*"]


def _topic(call: Call) -> list[str]:
    return [call.parameter("TopicArn") or call.parameter("TargetArn") or "*"]


def _queue(call: Call) -> list[str]:
    queue = call.parameter("QueueUrl") or call.parameter("QueueName")
    return [call.arn(queue.rsplit("/", 1)[-1])] if queue else ["*"]


def _parameter(call: Call) -> list[str]:
    names = call.parameter("Names") or [call.parameter("Name") or call.parameter("Path")]
    return [call.arn(f"parameter/{name.lstrip('/')}") if name else "*" for name in names]


_RESOURCES: dict[str, Callable[[Call], list[str]]] = {
    "cloudwatch": _nothing,
    "dynamodb": _table,
    "ec2": _nothing,
    "events": _bus_or_rule,
    "lambda": _function,
    "logs": _log_group_or_stream,
    "s3": _job,
    "secretsmanager": _secret,
    "sns": _topic,
    "sqs": _queue,
    "ssm": _parameter,
    "sts": _role,
    "xray": _nothing,
}
