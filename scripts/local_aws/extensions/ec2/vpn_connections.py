"""VPN connections: moto's have no options, no tunnels, no routes, and are there and gone at once.

What is asked of tunnels is checked as AWS does it:
https://docs.aws.amazon.com/vpn/latest/s2svpn/VPNTunnels.html
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_network
from itertools import count
from typing import Any, cast
from xml.sax.saxutils import escape

import moto.ec2.models.vpn_connections as moto_vpn
from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import InvalidParameterValueError
from moto.ec2.models.vpn_connections import VPNConnection, VPNConnectionBackend
from moto.ec2.responses import EC2Response
from moto.ec2.responses.vpn_connections import VPNConnections

from scripts.local_aws.account import ACCOUNT, PARTITION
from scripts.local_aws.iam.decisions import may
from scripts.local_aws.iam.enforcement import AccessDeniedError
from scripts.local_aws.iam.sessions import of_key
from scripts.local_aws.patching import add, replace
from scripts.local_aws.tunnels import VPN_CONNECTIONS

_KEY = re.compile(r"[A-Za-z1-9._][A-Za-z0-9._]{7,63}")
_INSIDE = ip_network("169.254.0.0/16")
_DEFAULTS = {
    "EnableAcceleration": False,
    "LocalIpv4NetworkCidr": "0.0.0.0/0",
    "RemoteIpv4NetworkCidr": "0.0.0.0/0",
    "OutsideIpAddressType": "PublicIpv4",
    "TunnelInsideIpVersion": "ipv4",
}

_create = VPNConnections.create_vpn_connection
_delete = VPNConnectionBackend.delete_vpn_connection
_filter = VPNConnection.get_filter_value
_numbers = count()


@replace(VPNConnections)
def create_vpn_connection(self: VPNConnections) -> ActionResult:
    """Begin to create a connection with two tunnels."""
    _check_tagging(self)
    options = _options(self._get_param("Options") or {})
    answer: Any = _create(self)
    made = answer.result["VpnConnection"]
    made.options, made.routes = options, []
    VPN_CONNECTIONS.begin(made.id)
    return cast(ActionResult, answer)


def _check_tagging(request: VPNConnections) -> None:
    """Who makes it with tags has to be allowed to tag what is made.

    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
    """
    session = of_key(request.get_access_key())
    if session is None or not request._get_param("TagSpecifications"):
        return
    resource = f"arn:{PARTITION}:ec2:{request.region}:{ACCOUNT}:vpn-connection/*"
    context = {"ec2:createaction": "CreateVpnConnection"}
    if refusal := may(session, "ec2:CreateTags", resource, context):
        raise AccessDeniedError(
            "ec2",
            f"User: {session.arn} is not authorized to perform: ec2:CreateTags "
            f"on resource: {resource} {refusal}",
        )


def _options(asked: dict[str, Any]) -> dict[str, Any]:
    number = next(_numbers)
    tunnels = [*(asked.get("TunnelOptions") or []), {}, {}][:2]
    return {
        **_DEFAULTS,
        **asked,
        "StaticRoutesOnly": str(asked.get("StaticRoutesOnly", False)).lower() == "true",
        "EnableAcceleration": str(asked.get("EnableAcceleration", False)).lower() == "true",
        "TunnelOptions": [_tunnel(each, 2 * number + side) for side, each in enumerate(tunnels)],
    }


def _tunnel(asked: dict[str, Any], number: int) -> dict[str, Any]:
    key = asked.get("PreSharedKey", f"local.key.{number:022}")
    if not _KEY.fullmatch(key):
        raise InvalidParameterValueError(
            "Invalid PreSharedKey: 8 to 64 letters, digits, '.' or '_', not beginning with 0"
        )
    inside = asked.get("TunnelInsideCidr", f"169.254.{8 + number // 64 % 200}.{number % 64 * 4}/30")
    network = ip_network(inside)
    if network.prefixlen != 30 or network.network_address not in _INSIDE:
        raise InvalidParameterValueError(f"Invalid TunnelInsideCidr {inside}: a /30 of {_INSIDE}")
    return {
        **{name: value for name, value in asked.items() if name != "IKEVersions"},
        "IkeVersions": asked.get("IKEVersions") or [],
        "OutsideIpAddress": f"203.0.113.{number % 250 + 1}",
        "PreSharedKey": key,
        "TunnelInsideCidr": inside,
    }


@replace(VPNConnectionBackend)
def delete_vpn_connection(self: VPNConnectionBackend, vpn_connection_id: str) -> VPNConnection:
    """Begin to delete a connection; deleting it again is no error."""
    deleted = _delete(self, vpn_connection_id)
    VPN_CONNECTIONS.end(vpn_connection_id)
    return deleted


@add(EC2Response)
def create_vpn_connection_route(self: EC2Response) -> EmptyResult:
    """Add a static route to what is behind the customer's gateway."""
    found = _find(self)
    cidr = self._get_param("DestinationCidrBlock")
    route = {"DestinationCidrBlock": cidr, "State": "available", "Source": "Static"}
    found.routes = [*_routes_besides(found, cidr), route]
    return EmptyResult()


@add(EC2Response)
def delete_vpn_connection_route(self: EC2Response) -> EmptyResult:
    """Take a static route away."""
    found = _find(self)
    found.routes = _routes_besides(found, self._get_param("DestinationCidrBlock"))
    return EmptyResult()


def _find(request: EC2Response) -> Any:
    [found] = request.ec2_backend.describe_vpn_connections([request._get_param("VpnConnectionId")])
    return found


def _routes_besides(connection: Any, cidr: str) -> list[dict[str, str]]:
    return [each for each in connection.routes if each["DestinationCidrBlock"] != cidr]


@replace(VPNConnection)
def get_filter_value(self: Any, filter_name: str, method_name: str | None = None) -> Any:
    """What a filter of DescribeVpnConnections compares."""
    own: dict[str, Callable[[], Any]] = {
        "customer-gateway-id": lambda: self.customer_gateway_id,
        "route.destination-cidr-block": lambda: [r["DestinationCidrBlock"] for r in self.routes],
        "state": lambda: VPN_CONNECTIONS.state(self.id),
        "type": lambda: self.type,
        "vpn-connection-id": lambda: self.id,
        "vpn-gateway-id": lambda: self.vpn_gateway_id,
    }
    read = own.get(filter_name)
    return read() if read else _filter(self, filter_name, method_name)


def _telemetry(connection: Any) -> list[dict[str, Any]]:
    tunnels = connection.options["TunnelOptions"]
    return [
        {
            "OutsideIpAddress": tunnel["OutsideIpAddress"],
            "Status": "UP" if status.up else "DOWN",
            "StatusMessage": "" if status.up else "IPSEC IS DOWN",
            "LastStatusChange": status.changed,
            "AcceptedRouteCount": len(connection.routes) if status.up else 0,
        }
        for tunnel, status in zip(tunnels, VPN_CONNECTIONS.tunnels(connection.id), strict=True)
    ]


def _configuration(connection: Any) -> str:
    """What a router's administrator is given: addresses and keys of both tunnels."""
    tunnels = "".join(
        moto_vpn._IPSEC_TUNNEL.replace(
            "Iw2IAN9XUsQeYUrkMGP3kP59ugFDkfHg", escape(tunnel["PreSharedKey"])
        ).replace("52.2.144.13", tunnel["OutsideIpAddress"])
        for tunnel in connection.options["TunnelOptions"]
    )
    return (
        f'<vpn_connection id="{connection.id}">'
        f"<customer_gateway_id>{connection.customer_gateway_id}</customer_gateway_id>"
        f"<vpn_gateway_id>{connection.vpn_gateway_id or ''}</vpn_gateway_id>"
        f"<vpn_connection_type>{connection.type}</vpn_connection_type>{tunnels}</vpn_connection>"
    )


def _state(connection: Any) -> str:
    return VPN_CONNECTIONS.state(connection.id)


def _keep(_: Any, __: Any) -> None:
    """A state that follows from time is not set."""


replace(VPNConnection, "customer_gateway_configuration")(property(_configuration))
_class: Any = VPNConnection  # whose members of these names moto sets one by one, or lacks
_class.vgw_telemetry = property(_telemetry)
_class.state = property(_state, _keep)
