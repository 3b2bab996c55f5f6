"""How transfers go: well, unless somebody wants it otherwise."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from scripts.local_aws.tunnels import VPN_CONNECTIONS


@dataclass(frozen=True)
class Conditions:
    """What awaits transfers.

    Attributes:
        fail: So many of those that begin from now on end in an error.
        hang: They stop where they are.
        pause: Seconds before each file.
        online: Whether the NAS can be reached.
        agent: Whether the agent reports to AWS, as far as a tunnel is up.
    """

    fail: int = 0
    hang: bool = False
    pause: float = 0.0
    online: bool = True
    agent: bool = True


class CurrentConditions:
    """What awaits transfers now."""

    def __init__(self) -> None:
        self._now = Conditions()
        self._changing = threading.Lock()

    def become(self, conditions: Conditions) -> None:
        """Let it be otherwise from now on."""
        with self._changing:
            self._now = conditions

    def now(self) -> Conditions:
        """What it is like."""
        with self._changing:
            return self._now

    def take_failure(self) -> bool:
        """Whether the transfer that begins now is one of those that fail; it is counted."""
        with self._changing:
            if not self._now.fail:
                return False
            self._now = replace(self._now, fail=self._now.fail - 1)
            return True


CONDITIONS = CurrentConditions()


def is_agent_online() -> bool:
    """Whether AWS hears of the agents: they report, and a tunnel is up."""
    return CONDITIONS.now().agent and VPN_CONNECTIONS.is_any_up()
