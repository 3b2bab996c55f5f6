"""A VPN connection as it is, and what callers are told of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

_USABLE = ("available", "pending")  # the better one first


@dataclass(frozen=True)
class Tunnel:
    """One of the two ways of a connection."""

    address: str  # outside, on the side of AWS; "" until AWS has given one
    up: bool


@dataclass(frozen=True)
class Connection:
    """A VPN connection.

    Attributes:
        state: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpnConnection.html
        routes: The networks its static routes lead to.
    """

    id: str
    state: str
    tunnels: tuple[Tunnel, ...]
    routes: frozenset[str] = frozenset()

    @property
    def ready(self) -> bool:
        """Whether anything can be transferred: it is there, and one tunnel is enough."""
        return self.state == "available" and any(tunnel.up for tunnel in self.tunnels)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Both outside addresses, or none as long as one is missing."""
        known = tuple(tunnel.address for tunnel in self.tunnels)
        return known if len(known) == 2 and all(known) else ()


class Answer(TypedDict):
    """What VPNManager answers."""

    status: str  # the connection's state; absent where there is none
    tunnel1: str  # UP or DOWN
    tunnel2: str
    message: str
    vpn_connection_id: str | None
    ready: bool


def usable(connections: Iterable[Connection]) -> list[Connection]:
    """Those that are there or will be: the available first, then by id."""
    there = [each for each in connections if each.state in _USABLE]
    return sorted(there, key=lambda each: (_USABLE.index(each.state), each.id))


def answer(connection: Connection | None, message: str) -> Answer:
    """What a caller is told."""
    if connection is None:
        return Answer(
            status="absent",
            tunnel1="DOWN",
            tunnel2="DOWN",
            message=message,
            vpn_connection_id=None,
            ready=False,
        )
    return Answer(
        status=connection.state,
        tunnel1=_status(connection, 0),
        tunnel2=_status(connection, 1),
        message=message,
        vpn_connection_id=connection.id,
        ready=connection.ready,
    )


def condition(connection: Connection) -> str:
    """One sentence on what a connection is good for."""
    if connection.ready:
        return f"{connection.id} is ready"
    if connection.state == "available":
        return f"{connection.id} is available, but no tunnel is up: look at the router"
    return f"{connection.id} is {connection.state}"


def _status(connection: Connection, number: int) -> str:
    tunnels = connection.tunnels
    return "UP" if number < len(tunnels) and tunnels[number].up else "DOWN"
