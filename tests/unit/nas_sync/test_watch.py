"""BatchWatcher counts what no failure tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from batchworks.errors import SettingsError
from nas_sync import settings, watch
from nas_sync.handlers import watch as handler
from nas_sync.watch import Watched
from tests.unit.lambda_context import Context
from tests.unit.nas_sync.invoking import Lines, lines, listen

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_ec2 import EC2Client

ARN = "arn:aws:states:ap-northeast-1:123456789012:stateMachine:CIS-Monthly-Batch-Sync"
NOW = datetime(2026, 3, 15, 9, tzinfo=UTC)

__all__ = ["lines", "listen"]  # fixtures

Look = Callable[..., Mapping[str, float]]


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    with mock_aws():
        yield


@pytest.fixture
def ec2() -> EC2Client:
    return boto3.client("ec2")


@pytest.fixture
def connection(ec2: EC2Client) -> Mapping[str, Any]:
    """A VPN connection to the router."""
    router = ec2.create_customer_gateway(Type="ipsec.1", PublicIp="203.0.113.10", BgpAsn=65000)
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")
    made = ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=router["CustomerGateway"]["CustomerGatewayId"],
        VpnGatewayId=gateway["VpnGateway"]["VpnGatewayId"],
    )
    return made["VpnConnection"]


@pytest.fixture
def look(ec2: EC2Client) -> Look:
    """Looks at a state machine that was made 100 days ago, with runs as they are given."""

    def looking(
        succeeded: datetime | None = None, router: str | None = None, *, running: bool = False
    ) -> Mapping[str, float]:
        sfn = boto3.client("stepfunctions")
        with Stubber(sfn) as answers:
            listed = {"stateMachineArn": ARN, "maxResults": 1}
            done = [execution("SUCCEEDED", succeeded)] if succeeded else []
            answers.add_response(
                "list_executions", {"executions": done}, listed | {"statusFilter": "SUCCEEDED"}
            )
            if not succeeded:
                made = NOW - timedelta(days=100)
                answers.add_response("describe_state_machine", machine(made))
            under_way = [execution("RUNNING")] if running else []
            answers.add_response(
                "list_executions", {"executions": under_way}, listed | {"statusFilter": "RUNNING"}
            )
            return watch.look(sfn, ec2, Watched(ARN, router), NOW)

    return looking


def execution(status: str, stopped: datetime | None = None) -> dict[str, Any]:
    told = {
        "executionArn": f"{ARN}:a".replace("stateMachine", "execution"),
        "stateMachineArn": ARN,
        "name": "a",
        "status": status,
        "startDate": NOW - timedelta(days=50),
    }
    return told | ({"stopDate": stopped} if stopped else {})


def machine(made: datetime) -> dict[str, Any]:
    role = "arn:aws:iam::123456789012:role/a"
    told = {"stateMachineArn": ARN, "name": "a", "definition": "{}", "type": "STANDARD"}
    return told | {"roleArn": role, "creationDate": made}


def test_days_are_counted_from_the_end_of_the_last_run_that_succeeded(look: Look) -> None:
    assert look(succeeded=NOW - timedelta(days=32, hours=23)) == {"DaysSinceSuccess": 32}
    assert look(succeeded=NOW - timedelta(days=33)) == {"DaysSinceSuccess": 33}


def test_where_none_ever_succeeded_they_are_counted_from_the_first_day(look: Look) -> None:
    assert look() == {"DaysSinceSuccess": 100}


def test_a_connection_is_idle_while_nothing_runs(look: Look, connection: Mapping[str, Any]) -> None:
    router = connection["CustomerGatewayId"]
    assert look(router=router)["IdleVpnConnections"] == 1
    assert look(router=router, running=True)["IdleVpnConnections"] == 0


def test_connections_that_are_gone_or_lead_elsewhere_do_not_count(
    look: Look, ec2: EC2Client, connection: Mapping[str, Any]
) -> None:
    assert look(router="cgw-elsewhere")["IdleVpnConnections"] == 0
    ec2.delete_vpn_connection(VpnConnectionId=connection["VpnConnectionId"])
    assert look(router=connection["CustomerGatewayId"])["IdleVpnConnections"] == 0


def test_it_has_to_be_told_what_to_watch() -> None:
    with pytest.raises(SettingsError, match="STATE_MACHINE_ARN"):
        watch.load(settings.variables({}))


def test_the_function_gives_its_numbers_to_cloudwatch(
    monkeypatch: pytest.MonkeyPatch, listen: Callable[[Logger], None], lines: Lines
) -> None:
    made = boto3.client("stepfunctions").create_state_machine(
        name="CIS-Monthly-Batch-Sync",
        definition="{}",
        roleArn="arn:aws:iam::123456789012:role/a",
    )
    for name, value in {
        "ENVIRONMENT": "prd", "RAW_BUCKET": "raw", "STATE_MACHINE_ARN": made["stateMachineArn"],
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    listen(handler.logger)
    assert handler.run({}, cast("LambdaContext", Context())) == {"DaysSinceSuccess": 0}
    numbers, last = lines()
    assert numbers["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "batchworks"
    assert (numbers["service"], numbers["environment"]) == ("nas-sync", "prd")
    assert (last["outcome"], last["DaysSinceSuccess"]) == ("complete", 0)
