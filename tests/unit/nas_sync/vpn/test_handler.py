"""VPNManager as it is called, and a connection that is there always."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from batchworks.errors import JobError, SettingsError
from nas_sync import clients
from nas_sync.errors import VpnError
from nas_sync.handlers import vpn
from nas_sync.vpn.connection import Answer
from scripts.local_aws.tunnels import VPN_CONNECTIONS, Tunnels
from tests.unit.lambda_context import Context
from tests.unit.nas_sync.invoking import Lines
from tests.unit.nas_sync.vpn.conftest import KEYS, Site


def call(event: Any) -> Answer:
    answer: Answer = vpn.run(event, Context(function_name="VPNManager"))  # type: ignore[arg-type]
    return answer


@pytest.fixture
def standing(site: Site, monkeypatch: pytest.MonkeyPatch) -> str:
    """A connection that Terraform made; its id."""
    made = boto3.client("ec2").create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=site.on_demand.customer_gateway,
        VpnGatewayId=site.on_demand.vpn_gateway,
    )["VpnConnection"]["VpnConnectionId"]
    monkeypatch.setenv("VPN_MODE", "always_on")
    monkeypatch.setenv("VPN_CONNECTION_ID", made)
    return made


@pytest.mark.parametrize("action", ["connect", "check_status", "disconnect"])
def test_a_standing_connection_is_only_looked_at(standing: str, action: str) -> None:
    told = call({"action": action})

    assert (told["vpn_connection_id"], told["status"]) == (standing, "available")
    assert (told["tunnel1"], told["tunnel2"], told["ready"]) == ("UP", "UP", True)


def test_the_call_may_name_the_connection(standing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VPN_CONNECTION_ID", "")

    assert call({"action": "connect", "vpn_connection_id": standing})["ready"]
    with pytest.raises(SettingsError, match="VPN_CONNECTION_ID"):
        call({"action": "connect"})


def test_tunnels_that_are_down_are_no_error(standing: str) -> None:
    VPN_CONNECTIONS.become(Tunnels.DOWN)

    told = call({"action": "check_status", "vpn_connection_id": standing})

    assert (told["tunnel1"], told["ready"]) == ("DOWN", False)


@pytest.mark.usefixtures("standing")
def test_a_standing_connection_that_is_missing_is_an_error_except_at_the_end() -> None:
    missing = {"vpn_connection_id": "vpn-00000000"}

    with pytest.raises(VpnError, match=r"vpn-00000000 is absent.*apply the stack"):
        call({"action": "connect", **missing})
    assert call({"action": "disconnect", **missing})["status"] == "absent"


@pytest.mark.usefixtures("standing")
@pytest.mark.parametrize("event", [{}, {"action": "reconnect"}, {"action": 1}, "connect"])
def test_an_unknown_action_is_an_error(event: Any) -> None:
    with pytest.raises(JobError):
        call(event)


@pytest.mark.usefixtures("standing")
def test_the_error_names_the_three_actions() -> None:
    with pytest.raises(JobError, match="connect, disconnect, check_status"):
        call({"action": "reconnect"})


@pytest.fixture
def on_demand(site: Site, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The function's environment where connections are made for runs."""
    given = site.on_demand
    for name, value in {
        "VPN_MODE": "on_demand",
        "CUSTOMER_GATEWAY_ID": given.customer_gateway,
        "VPN_GATEWAY_ID": given.vpn_gateway,
        "PRESHARED_KEYS_SECRET_ARN": given.preshared_keys,
        "INSIDE_CIDRS": ", ".join(given.inside_cidrs),
        "NAS_CIDR": given.nas_cidr,
        "ADDRESS_PARAMETER": given.address_parameter,
        "TOPIC_ARN": given.topic,
    }.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_a_run_on_demand_logs_its_outcome_and_no_key(
    on_demand: pytest.MonkeyPatch, lines: Lines, listen: Callable[[Any], None]
) -> None:
    listen(vpn.logger)
    told = call({"action": "connect"})

    assert told["ready"]
    logged = lines()
    assert (logged[-1]["outcome"], logged[-1]["action"]) == ("complete", "connect")
    assert not any(key in json.dumps([logged, told]) for key in KEYS.values())

    on_demand.setenv("INSIDE_CIDRS", "169.254.10.0/30")
    with pytest.raises(SettingsError, match="one for each tunnel"):
        call({"action": "connect"})


def test_a_refusal_of_aws_that_quotes_a_key_is_told_without_it(
    on_demand: pytest.MonkeyPatch, lines: Lines, listen: Callable[[Any], None]
) -> None:
    listen(vpn.logger)
    ec2 = clients.ec2_once()

    def refuse(**_: Any) -> None:
        said = f"Value ({KEYS['tunnel1']}) for parameter preSharedKey is invalid"
        answer: Any = {"Error": {"Code": "InvalidParameterValue", "Message": said}}
        raise ClientError(answer, "CreateVpnConnection")

    on_demand.setattr(ec2, "create_vpn_connection", refuse)
    on_demand.setattr(clients, "ec2_once", lambda: ec2)

    with pytest.raises(JobError, match=r"preSharedKey is invalid") as refused:
        call({"action": "connect"})

    logged = json.dumps(lines())
    assert "preSharedKey is invalid" in logged
    assert not any(key in logged + repr(refused.value) for key in KEYS.values())
