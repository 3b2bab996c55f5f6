"""What VPNManager does: connect, disconnect, check_status, in either of two modes.

`always_on`: Terraform owns the connection, which is only looked at. `on_demand`: a connection is
billed as long as it exists, so it is made for a batch and taken away after it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from batchworks.errors import SettingsError
from nas_sync.errors import VpnError
from nas_sync.vpn import addresses, ec2
from nas_sync.vpn.addresses import Announcer
from nas_sync.vpn.connection import Answer, Connection, answer, condition, usable
from nas_sync.vpn.ec2 import Ec2
from nas_sync.vpn.settings import OnDemand, Settings


@dataclass(frozen=True)
class Ways:
    """Ways to AWS."""

    ec2: Ec2
    announcer: Announcer


def manage(ways: Ways, given: Settings, action: str, connection_id: str | None) -> Answer:
    """Do what is asked for.

    Args:
        ways: to AWS.
        given: the settings.
        action: one of `ACTIONS`.
        connection_id: the one that is there always, where it isn't the settings' one. Connections
            that are made for batches are found by their tags.

    Raises:
        VpnError: the connection isn't there, or can't be made.
        JobError: AWS refused something.
    """
    if given.on_demand:
        return _ON_DEMAND[action](ways, given.on_demand)
    wanted = connection_id or given.connection
    if wanted is None:
        raise SettingsError("VPN_CONNECTION_ID is not set: give it the connection's id, vpn-…")
    found = ec2.find(ways.ec2, wanted)
    return _ALWAYS_ON[action](wanted, found)


def _look_at_standing(wanted: str, found: Connection | None) -> Answer:
    if found is None or not usable([found]):
        raise VpnError(
            f"the VPN connection {wanted} is {found.state if found else 'absent'}: "
            "Terraform owns it, apply the stack"
        )
    return answer(found, condition(found))


def _leave_standing(_: str, found: Connection | None) -> Answer:
    return answer(found, "always_on: the connection stays")


def _connect(ways: Ways, given: OnDemand) -> Answer:
    there = usable(ec2.find_ours(ways.ec2, given.customer_gateway))
    if there:
        return _prepared(ways, given, there[0])
    return _prepared(ways, given, ec2.create(ways.ec2, given))


def _check(ways: Ways, given: OnDemand) -> Answer:
    there = usable(ec2.find_ours(ways.ec2, given.customer_gateway))
    if not there:
        return answer(None, "there is no connection: connect first")
    return _prepared(ways, given, there[0])


def _prepared(ways: Ways, given: OnDemand, connection: Connection) -> Answer:
    """Give a connection what it needs as soon as it can have it: a route, a router that knows."""
    if connection.state == "available" and given.nas_cidr not in connection.routes:
        ec2.add_route(ways.ec2, connection, given.nas_cidr)
    new = addresses.announce(ways.announcer, given, connection)
    told = f"; its outside addresses are new, {given.topic} was told" if new else ""
    return answer(connection, condition(connection) + told)


def _disconnect(ways: Ways, given: OnDemand) -> Answer:
    there = usable(ec2.find_ours(ways.ec2, given.customer_gateway))
    for connection in there:
        ec2.delete(ways.ec2, connection)
    ids = ", ".join(each.id for each in there)
    return answer(None, f"deleting {ids}" if there else "there was no connection to delete")


_ON_DEMAND: Mapping[str, Callable[[Ways, OnDemand], Answer]] = {
    "connect": _connect,
    "disconnect": _disconnect,
    "check_status": _check,
}
_ALWAYS_ON: Mapping[str, Callable[[str, Connection | None], Answer]] = {
    "connect": _look_at_standing,
    "disconnect": _leave_standing,
    "check_status": _look_at_standing,
}
ACTIONS = tuple(_ON_DEMAND)
