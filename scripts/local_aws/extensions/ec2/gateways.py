"""Virtual private gateways: moto propagates none of their routes into route tables."""

from __future__ import annotations

from typing import Any

from moto.core.responses import EmptyResult
from moto.ec2.models.route_tables import RouteTable
from moto.ec2.responses import EC2Response

from scripts.local_aws.patching import add


@add(EC2Response)
def enable_vgw_route_propagation(self: EC2Response) -> EmptyResult:
    """Let a route table learn the routes of a gateway."""
    gateway = self.ec2_backend.get_vpn_gateway(self._get_param("GatewayId"))
    table = _table(self)
    table.propagating_vgws = [*_others(table, gateway.id), {"GatewayId": gateway.id}]
    return EmptyResult()


@add(EC2Response)
def disable_vgw_route_propagation(self: EC2Response) -> EmptyResult:
    """Let a route table learn them no longer."""
    table = _table(self)
    table.propagating_vgws = _others(table, self._get_param("GatewayId"))
    return EmptyResult()


def _table(request: EC2Response) -> Any:
    table: RouteTable = request.ec2_backend.get_route_table(request._get_param("RouteTableId"))
    return table


def _others(table: Any, gateway: str) -> list[dict[str, str]]:
    known: list[dict[str, str]] = vars(table).get("propagating_vgws", [])
    return [each for each in known if each["GatewayId"] != gateway]
