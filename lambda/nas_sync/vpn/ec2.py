"""VPN connections in EC2: look at them, make one, take one away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from batchworks.secrets_manager import read_secret
from nas_sync.aws import telling
from nas_sync.vpn.connection import Connection, Tunnel
from nas_sync.vpn.settings import OnDemand

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ec2.type_defs import FilterTypeDef, TagTypeDef, VpnConnectionTypeDef

_GONE = "InvalidVpnConnectionID.NotFound"
_MARK = {"Application": "CIS-FileSearch", "ManagedBy": "VPNManager"}
"""Tags by which a connection is known as one of ours, whoever saw its id or not."""


@dataclass(frozen=True)
class Ec2:
    """Ways to EC2."""

    patient: EC2Client
    once: EC2Client  # repeats nothing: a connection whose answer was lost would be made twice


def find(ec2: Ec2, connection_id: str) -> Connection | None:
    """A connection by its id; None where there is none."""
    with telling(f"look at the VPN connection {connection_id}"):
        try:
            found = ec2.patient.describe_vpn_connections(VpnConnectionIds=[connection_id])
        except ClientError as error:
            if error.response["Error"].get("Code") == _GONE:
                return None
            raise
    return next(map(_connection, found["VpnConnections"]), None)


def find_ours(ec2: Ec2, customer_gateway: str) -> list[Connection]:
    """The connections that were made for batches, also those that are being deleted."""
    filters: list[FilterTypeDef] = [
        {"Name": "customer-gateway-id", "Values": [customer_gateway]},
        *({"Name": f"tag:{key}", "Values": [value]} for key, value in _MARK.items()),  # type: ignore[list-item]
    ]
    with telling(f"look for VPN connections of {customer_gateway}"):
        found = ec2.patient.describe_vpn_connections(Filters=filters)
    return [_connection(each) for each in found["VpnConnections"]]


def create(ec2: Ec2, given: OnDemand) -> Connection:
    """Make a connection; its tags come with it, so that it is found whatever happens next."""
    keys = [read_secret(given.preshared_keys, key=name) for name in ("tunnel1", "tunnel2")]
    with telling(f"make a VPN connection from {given.vpn_gateway} to {given.customer_gateway}"):
        made = ec2.once.create_vpn_connection(
            Type="ipsec.1",
            CustomerGatewayId=given.customer_gateway,
            VpnGatewayId=given.vpn_gateway,
            Options={
                "StaticRoutesOnly": True,
                "TunnelOptions": [
                    {"TunnelInsideCidr": cidr, "PreSharedKey": key}
                    for cidr, key in zip(given.inside_cidrs, keys, strict=True)
                ],
            },
            TagSpecifications=[{"ResourceType": "vpn-connection", "Tags": _tags(given)}],
        )
    return _connection(made["VpnConnection"])


def add_route(ec2: Ec2, connection: Connection, cidr: str) -> None:
    """Lead a network through a connection."""
    with telling(f"lead {cidr} through {connection.id}"):
        ec2.patient.create_vpn_connection_route(
            VpnConnectionId=connection.id, DestinationCidrBlock=cidr
        )


def delete(ec2: Ec2, connection: Connection) -> None:
    """Begin to take a connection away; one that is gone is no error."""
    with telling(f"delete the VPN connection {connection.id}"):
        try:
            ec2.patient.delete_vpn_connection(VpnConnectionId=connection.id)
        except ClientError as error:
            if error.response["Error"].get("Code") != _GONE:
                raise


def _tags(given: OnDemand) -> list[TagTypeDef]:
    tags = {"Name": "CIS-NAS-VPN", "Environment": given.environment, **_MARK}
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _connection(found: VpnConnectionTypeDef) -> Connection:
    up = {
        each["OutsideIpAddress"]: each["Status"] == "UP" for each in found.get("VgwTelemetry", [])
    }
    options = found.get("Options", {}).get("TunnelOptions", [])
    addresses = [each.get("OutsideIpAddress", "") for each in options] or list(up)
    return Connection(
        id=found["VpnConnectionId"],
        state=found["State"],
        tunnels=tuple(Tunnel(address, up.get(address, False)) for address in addresses),
        routes=frozenset(each["DestinationCidrBlock"] for each in found.get("Routes", [])),
    )
