"""Roles: moto takes any that exists; AWS refuses one that can't do what the settings ask for.

The messages are not AWS's own: Terraform's provider tries again for five minutes when it reads
those, because IAM takes its time in AWS. Here it doesn't.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend, LambdaFunction

from scripts.local_aws.iam import grants
from scripts.local_aws.iam.decisions import may, refusal_of
from scripts.local_aws.iam.sessions import Session
from scripts.local_aws.messages import PERMISSIONS
from scripts.local_aws.patching import replace

_create = LambdaBackend.create_function
_update = LambdaFunction.update_configuration

_TRACING = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")
_NETWORK = (
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
)
"""https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions"""


@replace(LambdaBackend)
def create_function(self: Any, spec: dict[str, Any]) -> LambdaFunction:
    """Create a function whose role can do what its settings ask for."""
    session = Session(spec["Role"], spec["FunctionName"])
    _check_trust(session)
    _check_permissions(session, spec)
    return _create(self, spec)


@replace(LambdaFunction)
def update_configuration(self: Any, config_updates: dict[str, Any]) -> dict[str, Any]:
    """Change settings to such that the role allows."""
    role = config_updates.get("Role", self.role)
    _check_permissions(Session(role, self.function_name), config_updates)
    return _update(self, config_updates)


def _check_trust(session: Session) -> None:
    if not grants.trusts(session.role_name, "lambda.amazonaws.com"):
        raise InvalidParameterValueException(
            f"The role {session.role_name} can't be assumed by lambda.amazonaws.com: "
            "its trust policy doesn't allow it sts:AssumeRole"
        )


def _check_permissions(session: Session, spec: dict[str, Any]) -> None:
    for needed in _needed(session, spec):
        raise InvalidParameterValueException(
            f"The role {session.role_name} may not call {needed}, "
            f"which Lambda needs for the settings of {session.name}"
        )


def _needed(session: Session, spec: dict[str, Any]) -> Iterator[str]:
    """What the role lacks. Only a use is recorded: a queue is used when an event has failed."""
    queue = (spec.get("DeadLetterConfig") or {}).get("TargetArn")
    if queue:
        action = PERMISSIONS[queue.split(":")[2]]
        if refusal_of(session, action, queue):
            yield f"{action} on {queue}"
    if (spec.get("VpcConfig") or {}).get("SubnetIds"):
        yield from (action for action in _NETWORK if may(session, action, "*"))
    if (spec.get("TracingConfig") or {}).get("Mode") == "Active":
        yield from (action for action in _TRACING if refusal_of(session, action, "*"))
