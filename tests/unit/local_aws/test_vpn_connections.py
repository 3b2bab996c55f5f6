"""VPN connections: made in time, with two tunnels that come up and drop, and gone in time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAws
from tests.unit.local_aws.nas import customer_gateway, look, tunnels, vpn_connection
from tests.unit.local_aws.workshop import Workshop, allow, arn, eventually, unique

OPTIONS = {
    "StaticRoutesOnly": True,
    "TunnelOptions": [
        {"TunnelInsideCidr": "169.254.100.0/30", "PreSharedKey": "key.of.tunnel.1"},
        {"TunnelInsideCidr": "169.254.100.4/30", "PreSharedKey": "key.of.tunnel.2"},
    ],
}


@pytest.fixture(autouse=True)
def _up(aws: LocalAws) -> Iterator[None]:
    """All tunnels are up before and after each test."""
    aws.tunnels("up")
    yield
    aws.tunnels("up")


def routes(aws: LocalAws, connection: str) -> list[str]:
    """The destinations of a connection's static routes."""
    return [each["DestinationCidrBlock"] for each in look(aws, connection)["Routes"]]


def named(aws: LocalAws, **filters: str) -> list[str]:
    """The ids of the connections that match filters; `_` in a name stands for `-`."""
    wanted = [
        {"Name": name.replace("_", "-"), "Values": [value]} for name, value in filters.items()
    ]
    found = aws.client("ec2").describe_vpn_connections(Filters=wanted)["VpnConnections"]
    return [each["VpnConnectionId"] for each in found]


def test_a_connection_is_pending_then_available_then_both_tunnels_come_up(aws: LocalAws) -> None:
    with vpn_connection(aws, Options=OPTIONS) as connection:
        assert look(aws, connection)["State"] in {"pending", "available"}
        eventually(lambda: tunnels(aws, connection) == ["UP", "UP"])
        assert look(aws, connection)["State"] == "available"
    assert look(aws, connection)["State"] in {"deleting", "deleted"}
    eventually(lambda: look(aws, connection)["State"] == "deleted")
    assert tunnels(aws, connection) == ["DOWN", "DOWN"]


def test_what_was_asked_of_the_tunnels_is_told_with_their_addresses(aws: LocalAws) -> None:
    with vpn_connection(aws, Options=OPTIONS) as connection:
        found = look(aws, connection)
    told = found["Options"]["TunnelOptions"]
    assert [each["TunnelInsideCidr"] for each in told] == ["169.254.100.0/30", "169.254.100.4/30"]
    assert [each["PreSharedKey"] for each in told] == ["key.of.tunnel.1", "key.of.tunnel.2"]
    addresses = [each["OutsideIpAddress"] for each in told]
    assert len(set(addresses)) == 2
    assert addresses == [each["OutsideIpAddress"] for each in found["VgwTelemetry"]]
    assert found["Options"]["StaticRoutesOnly"] is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"PreSharedKey": "short"},
        {"PreSharedKey": "0begins.with.zero"},
        {"PreSharedKey": "a b c d e f"},
        {"TunnelInsideCidr": "169.254.1.0/29"},
        {"TunnelInsideCidr": "10.0.0.0/30"},
    ],
)
def test_what_aws_refuses_of_a_tunnel_is_refused(aws: LocalAws, wrong: dict[str, Any]) -> None:
    options = {"TunnelOptions": [wrong, {}]}
    with (
        pytest.raises(ClientError, match="InvalidParameterValue"),
        vpn_connection(aws, Options=options),
    ):
        pass


def test_tunnels_never_come_up_if_they_are_not_to(aws: LocalAws) -> None:
    aws.tunnels("down")
    with vpn_connection(aws) as connection:
        eventually(lambda: look(aws, connection)["State"] == "available")
        assert tunnels(aws, connection) == ["DOWN", "DOWN"]


def test_one_tunnel_may_drop_or_both(aws: LocalAws) -> None:
    with vpn_connection(aws) as connection:
        eventually(lambda: tunnels(aws, connection) == ["UP", "UP"])
        aws.tunnels("one")
        assert tunnels(aws, connection) == ["UP", "DOWN"]
        aws.tunnels("down")
        assert tunnels(aws, connection) == ["DOWN", "DOWN"]
        aws.tunnels("up")
        assert tunnels(aws, connection) == ["UP", "UP"]


def test_a_connection_is_found_by_its_tags_its_gateway_and_its_state(aws: LocalAws) -> None:
    mark, router = unique("mark"), customer_gateway(aws)
    tags = [{"ResourceType": "vpn-connection", "Tags": [{"Key": "mark", "Value": mark}]}]
    with vpn_connection(aws, TagSpecifications=tags, CustomerGatewayId=router) as connection:
        eventually(lambda: look(aws, connection)["State"] == "available")
        assert named(aws, **{"tag:mark": mark}) == [connection]
        assert named(aws, customer_gateway_id=router, state="available") == [connection]
        assert named(aws, customer_gateway_id=router, state="pending") == []
    assert named(aws, customer_gateway_id=router, state="available") == []


def test_static_routes_come_and_go(aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    with vpn_connection(aws) as connection:
        for _ in range(2):
            ec2.create_vpn_connection_route(
                VpnConnectionId=connection, DestinationCidrBlock="192.168.10.0/24"
            )
        assert routes(aws, connection) == ["192.168.10.0/24"]
        ec2.delete_vpn_connection_route(
            VpnConnectionId=connection, DestinationCidrBlock="192.168.10.0/24"
        )
        assert routes(aws, connection) == []


def test_a_route_table_learns_the_routes_of_a_gateway(aws: LocalAws) -> None:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.60.0.0/16")["Vpc"]["VpcId"]
    gateway = ec2.create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]

    def propagating() -> list[dict[str, str]]:
        [found] = ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"]
        told: list[dict[str, str]] = found["PropagatingVgws"]
        return told

    ec2.enable_vgw_route_propagation(RouteTableId=table, GatewayId=gateway)
    assert propagating() == [{"GatewayId": gateway}]
    ec2.disable_vgw_route_propagation(RouteTableId=table, GatewayId=gateway)
    assert propagating() == []


OURS = [{"ResourceType": "vpn-connection", "Tags": [{"Key": "Mark", "Value": "ours"}]}]


def test_a_role_makes_the_connections_and_ends_those_that_it_may(
    aws: LocalAws, workshop: Workshop
) -> None:
    router = customer_gateway(aws)
    gateway = aws.client("ec2").create_vpn_gateway(Type="ipsec.1")["VpnGateway"]["VpnGatewayId"]
    connections = arn("ec2", "vpn-connection/*")
    ends = {"StringEquals": {"ec2:ResourceTag/Mark": "ours"}}
    tags = {"StringEquals": {"ec2:CreateAction": "CreateVpnConnection"}}
    made_of = [arn("ec2", f"customer-gateway/{router}"), arn("ec2", f"vpn-gateway/{gateway}")]
    role = workshop.role(
        allow("ec2:CreateVpnConnection", connections, *made_of),
        allow("ec2:CreateTags", connections) | {"Condition": tags},
        allow("ec2:DeleteVpnConnection", connections) | {"Condition": ends},
    )
    ec2 = aws.client_as(role, "ec2")
    gateways = {"CustomerGatewayId": router, "VpnGatewayId": gateway}
    asked = {"Type": "ipsec.1", **gateways, "TagSpecifications": OURS}

    made = ec2.create_vpn_connection(**asked)["VpnConnection"]["VpnConnectionId"]

    with vpn_connection(aws) as other, pytest.raises(ClientError, match="UnauthorizedOperation"):
        ec2.delete_vpn_connection(VpnConnectionId=other)
    ec2.delete_vpn_connection(VpnConnectionId=made)
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        ec2.create_vpn_connection(**asked | {"CustomerGatewayId": customer_gateway(aws)})
    workshop.grant(role, allow("ec2:CreateVpnConnection", "*"))
    with pytest.raises(ClientError, match=r"UnauthorizedOperation.*ec2:CreateTags"):
        ec2.create_vpn_connection(**asked)
