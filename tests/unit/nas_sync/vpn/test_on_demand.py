"""A connection is made for a batch, exactly one, and is gone after it."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from batchworks.errors import JobError
from nas_sync.vpn import manager
from scripts.local_aws.tunnels import VPN_CONNECTIONS, Tunnels
from tests.unit.nas_sync.vpn.conftest import KEYS, Site


def test_connect_makes_a_connection_with_the_keys_networks_and_route_it_was_given(
    site: Site,
) -> None:
    told = site.do("connect")

    [made] = site.connections()
    assert (told["status"], told["ready"]) == ("available", True)
    assert (told["tunnel1"], told["tunnel2"]) == ("UP", "UP")
    assert told["vpn_connection_id"] == made["VpnConnectionId"]
    assert made["Options"]["StaticRoutesOnly"] is True
    tunnels = made["Options"]["TunnelOptions"]
    assert [each["TunnelInsideCidr"] for each in tunnels] == ["169.254.10.0/30", "169.254.11.0/30"]
    assert [each["PreSharedKey"] for each in tunnels] == list(KEYS.values())
    assert [each["DestinationCidrBlock"] for each in made["Routes"]] == ["192.168.10.0/24"]


def test_connecting_again_doubles_nothing(site: Site) -> None:
    first, second = site.do("connect"), site.do("connect")

    assert first["vpn_connection_id"] == second["vpn_connection_id"]
    assert len(site.connections()) == 1


def test_a_kill_behind_the_creation_doubles_nothing_and_the_rest_is_done_later(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    class KilledError(BaseException):
        pass

    def killed(*_: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(manager, "_prepared", killed)
        with pytest.raises(KilledError):
            site.do("connect")
    assert site.notices() == []

    told = site.do("connect")

    [made] = site.connections()
    assert told["vpn_connection_id"] == made["VpnConnectionId"]
    assert len(made["Routes"]) == 1
    assert len(site.notices()) == 1


def test_a_connection_that_is_pending_gets_its_route_when_it_is_available(site: Site) -> None:
    VPN_CONNECTIONS.seconds = 600.0
    pending = site.do("connect")
    assert (pending["status"], pending["ready"]) == ("pending", False)
    assert site.connections()[0].get("Routes", []) == []

    VPN_CONNECTIONS.seconds = 0.0
    told = site.do("check_status", pending["vpn_connection_id"])

    assert told["ready"]
    assert len(site.connections()[0]["Routes"]) == 1


@pytest.mark.parametrize(
    ("tunnels", "expected", "ready"),
    [
        (Tunnels.UP, ("UP", "UP"), True),
        (Tunnels.ONE, ("UP", "DOWN"), True),
        (Tunnels.DOWN, ("DOWN", "DOWN"), False),
    ],
)
def test_one_tunnel_is_enough(
    site: Site, tunnels: Tunnels, expected: tuple[str, str], ready: bool
) -> None:
    site.do("connect")
    VPN_CONNECTIONS.become(tunnels)

    told = site.do("check_status")

    assert (told["tunnel1"], told["tunnel2"]) == expected
    assert told["ready"] is ready
    assert ("look at the router" in told["message"]) is not ready


def test_new_addresses_are_told_once_in_japanese_and_without_keys(site: Site) -> None:
    site.do("connect")
    [notice] = site.notices()
    site.do("check_status")
    site.do("connect")

    addresses = json.loads(site.parameter())
    assert site.notices() == []
    assert set(addresses) == {"tunnel1", "tunnel2"}
    assert all(address in notice["Message"] for address in addresses.values())
    assert "ルーター" in notice["Message"]
    assert not any(key in notice["Message"] for key in KEYS.values())
    assert (
        len(notice["Subject"]) < 100
    )  # https://docs.aws.amazon.com/sns/latest/api/API_Publish.html


def test_the_next_connection_has_other_addresses_which_are_told(site: Site) -> None:
    site.do("connect")
    before = site.parameter()
    site.do("disconnect")
    site.notices()

    site.do("connect")

    assert site.parameter() != before
    assert len(site.notices()) == 1


def test_disconnect_deletes_what_was_made_however_often_it_is_called(site: Site) -> None:
    made = site.do("connect")["vpn_connection_id"]

    first, second = site.do("disconnect", made), site.do("disconnect")

    assert site.connections() == []
    assert made is not None
    assert made in first["message"]
    assert second["message"] == "there was no connection to delete"
    assert (second["status"], second["ready"]) == ("absent", False)


def test_disconnect_leaves_connections_alone_that_were_not_made_for_batches(site: Site) -> None:
    ec2 = boto3.client("ec2")
    other = ec2.create_vpn_connection(
        Type="ipsec.1",
        CustomerGatewayId=site.on_demand.customer_gateway,
        VpnGatewayId=site.on_demand.vpn_gateway,
    )["VpnConnection"]["VpnConnectionId"]
    site.do("connect")

    site.do("disconnect", other)

    assert [each["VpnConnectionId"] for each in site.connections()] == [other]


def test_checking_without_a_connection_says_so(site: Site) -> None:
    told = site.do("check_status")

    assert (told["status"], told["vpn_connection_id"], told["ready"]) == ("absent", None, False)


def test_a_refusal_of_aws_is_an_error_that_says_what_was_tried(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: Any) -> None:
        answer = {"Error": {"Code": "VpnConnectionLimitExceeded", "Message": "10 at most"}}
        raise ClientError(answer, "CreateVpnConnection")  # type: ignore[arg-type]

    monkeypatch.setattr(site.ways.ec2.once, "create_vpn_connection", refuse)

    with pytest.raises(JobError, match=r"could not make a VPN connection.*10 at most"):
        site.do("connect")
