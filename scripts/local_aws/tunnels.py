"""VPN connections in time: pending, available, their tunnels up or down; then deleted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

TUNNEL_SECONDS = 0.5
"""How long it takes here until a connection is there, until its tunnels are up, and until it is
gone; in AWS minutes."""


class Tunnels(StrEnum):
    """Which tunnels are up, or will be."""

    UP = "up"
    ONE = "one"
    DOWN = "down"


@dataclass(frozen=True)
class Status:
    """Of one tunnel.

    Attributes:
        up: Whether it carries anything.
        changed: When that was last otherwise.
    """

    up: bool
    changed: datetime


class VpnConnections:
    """The state of every VPN connection, by its id."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.seconds = TUNNEL_SECONDS
        self._clock = clock
        self._tunnels = Tunnels.UP
        self._changed = clock()
        self._created: dict[str, datetime] = {}
        self._ended: dict[str, datetime] = {}
        self._changing = threading.Lock()

    def begin(self, connection: str) -> None:
        """Let the creation of a connection begin."""
        with self._changing:
            self._created[connection] = self._clock()

    def end(self, connection: str) -> None:
        """Let its deletion begin."""
        with self._changing:
            self._ended.setdefault(connection, self._clock())

    def become(self, tunnels: Tunnels) -> None:
        """Say which tunnels are up: of all connections, now and later."""
        with self._changing:
            self._tunnels, self._changed = tunnels, self._clock()

    def state(self, connection: str) -> str:
        """`pending`, `available`, `deleting` or `deleted`."""
        with self._changing:
            return self._state(connection, self._clock())

    def tunnels(self, connection: str) -> list[Status]:
        """The status of both tunnels."""
        with self._changing:
            return self._both(connection, self._clock())

    def is_any_up(self) -> bool:
        """Whether anything comes through to the other side."""
        with self._changing:
            now = self._clock()
            return any(
                tunnel.up for connection in self._created for tunnel in self._both(connection, now)
            )

    def _state(self, connection: str, now: datetime) -> str:
        took = timedelta(seconds=self.seconds)
        ended = self._ended.get(connection)
        if ended:
            return "deleted" if now >= ended + took else "deleting"
        return "available" if now >= self._created[connection] + took else "pending"

    def _both(self, connection: str, now: datetime) -> list[Status]:
        created = self._created[connection]
        up_from = max(created + 2 * timedelta(seconds=self.seconds), self._changed)
        alive = self._state(connection, now) == "available" and now >= up_from
        count = {Tunnels.UP: 2, Tunnels.ONE: 1, Tunnels.DOWN: 0}[self._tunnels] if alive else 0
        since = up_from if alive else max(created, min(self._changed, now))
        return [Status(number < count, since) for number in range(2)]


VPN_CONNECTIONS = VpnConnections()
