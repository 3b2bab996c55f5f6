"""What nobody is told by a failure: that no run succeeds any more, or that a VPN is left over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from batchworks.settings import Variables
from nas_sync.aws import telling

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_stepfunctions import SFNClient


@dataclass(frozen=True)
class Watched:
    """What is looked at."""

    state_machine_arn: str
    customer_gateway_id: str | None  # of connections that are made for a run; None: there are none


def load(given: Variables) -> Watched:
    """Read it from the settings.

    Raises:
        SettingsError: one isn't given.
    """
    return Watched(
        state_machine_arn=given.required("STATE_MACHINE_ARN", "the state machine of the batch"),
        customer_gateway_id=given.optional("CUSTOMER_GATEWAY_ID") or None,
    )


def look(sfn: SFNClient, ec2: EC2Client, watched: Watched, now: datetime) -> Mapping[str, float]:
    """What alarms are about, by the names of their metrics.

    Args:
        sfn: Step Functions.
        ec2: for its VPN connections.
        watched: what is looked at.
        now: with a time zone.

    Returns:
        `DaysSinceSuccess`, whole days; `IdleVpnConnections` where connections are made for a run.

    Raises:
        AccessDenied, AwsUnavailable: of AWS.
    """
    arn = watched.state_machine_arn
    numbers: dict[str, float] = {"DaysSinceSuccess": (now - _last_success(sfn, arn)).days}
    if watched.customer_gateway_id:
        idle = not _is_running(sfn, arn)
        connections = _connections(ec2, watched.customer_gateway_id) if idle else 0
        numbers["IdleVpnConnections"] = connections
    return numbers


def _last_success(sfn: SFNClient, arn: str) -> datetime:
    """When the last run succeeded; where none has, when the state machine was made."""
    with telling(f"list the executions of {arn}"):
        found = sfn.list_executions(stateMachineArn=arn, statusFilter="SUCCEEDED", maxResults=1)
        if found["executions"]:
            return found["executions"][0]["stopDate"]
        return sfn.describe_state_machine(stateMachineArn=arn)["creationDate"]


def _is_running(sfn: SFNClient, arn: str) -> bool:
    with telling(f"list the executions of {arn}"):
        found = sfn.list_executions(stateMachineArn=arn, statusFilter="RUNNING", maxResults=1)
    return bool(found["executions"])


def _connections(ec2: EC2Client, customer_gateway_id: str) -> int:
    """How many there are that are billed."""
    with telling(f"list the VPN connections of {customer_gateway_id}"):
        found = ec2.describe_vpn_connections(
            Filters=[
                {"Name": "customer-gateway-id", "Values": [customer_gateway_id]},
                {"Name": "state", "Values": ["pending", "available"]},
            ]
        )
    return len(found["VpnConnections"])
