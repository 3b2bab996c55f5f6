"""Roles: moto takes any; AWS refuses one that Step Functions can't assume or that can't log.

The messages are not AWS's own: Terraform's provider tries again for minutes when it reads those,
because IAM takes its time in AWS. Here it doesn't.
"""

from __future__ import annotations

from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from scripts.local_aws.account import ACCOUNT, PARTITION
from scripts.local_aws.iam import grants
from scripts.local_aws.iam.decisions import may
from scripts.local_aws.iam.sessions import Session
from scripts.local_aws.patching import replace

_create = StepFunctionsParserBackend.create_state_machine
_update = StepFunctionsParserBackend.update_state_machine

_LOGGING = (
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
)
"""https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy"""

_TRACING = (
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
)
"""https://docs.aws.amazon.com/step-functions/latest/dg/concepts-xray-tracing.html"""


class UnfitRoleError(JsonRESTError):
    """The role can't do what the state machine's settings ask for."""

    code = 400

    def __init__(self, message: str) -> None:
        super().__init__("ValidationException", message)


@replace(StepFunctionsParserBackend)
def create_state_machine(self: StepFunctionsParserBackend, **settings: Any) -> Any:
    """Create a state machine whose role can do what its settings ask for."""
    logging, tracing = settings["loggingConfiguration"], settings["tracingConfiguration"]
    arn = f"arn:{PARTITION}:states:{self.region_name}:{ACCOUNT}:stateMachine:{settings['name']}"
    _check(arn, settings["roleArn"], logging, tracing)
    return _create(self, **settings)


@replace(StepFunctionsParserBackend)
def update_state_machine(self: StepFunctionsParserBackend, **settings: Any) -> Any:
    """Change a state machine, as far as its role allows."""
    role = settings["role_arn"] or self.describe_state_machine(settings["arn"]).roleArn
    _check(
        settings["arn"], role, settings["logging_configuration"], settings["tracing_configuration"]
    )
    return _update(self, **settings)


def _check(machine: str, role: str, logging: Any, tracing: Any) -> None:
    session = Session(role, "states")
    if not grants.trusts(session.role_name, "states.amazonaws.com", machine):
        raise UnfitRoleError(
            f"The role {session.role_name} can't be assumed by states.amazonaws.com: "
            "its trust policy doesn't allow it sts:AssumeRole"
        )
    logs = (logging or {}).get("level", "OFF") != "OFF"
    traces = (tracing or {}).get("enabled", False)
    for action in (*(_LOGGING * logs), *(_TRACING * traces)):
        if may(session, action, "*"):
            raise UnfitRoleError(
                f"The role {session.role_name} may not call {action}, "
                "which Step Functions needs for the logging or tracing that is asked for"
            )
