"""How one local AWS is run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scripts.local_aws.exports import EXPORT_SECONDS
from scripts.local_aws.mount_targets import MOUNT_TARGET_SECONDS
from scripts.local_aws.restores import RESTORE_SECONDS
from scripts.local_aws.tunnels import TUNNEL_SECONDS

RETRY_DELAYS = (60.0, 120.0)
"""Seconds before the first and the second retry of an asynchronous invocation, as in AWS:
https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html"""


@dataclass(frozen=True)
class Pace:
    """How long things take.

    Attributes:
        retry_delays: Seconds before the first and the second asynchronous retry; shorter than in
            AWS, so that nobody waits for minutes.
        restore_seconds: How long a restore of an archived object takes.
        export_seconds: How long an export of a table takes.
        mount_target_seconds: How long it takes to create or delete a mount target.
        tunnel_seconds: How long it takes to create or delete a VPN connection, and until its
            tunnels are up.
    """

    retry_delays: tuple[float, float] = (1.0, 2.0)
    restore_seconds: float = RESTORE_SECONDS
    export_seconds: float = EXPORT_SECONDS
    mount_target_seconds: float = MOUNT_TARGET_SECONDS
    tunnel_seconds: float = TUNNEL_SECONDS

    def arguments(self) -> list[str]:
        """As the command line says it."""
        return [
            *("--retry-delays", ",".join(map(str, self.retry_delays))),
            *("--restore-seconds", str(self.restore_seconds)),
            *("--export-seconds", str(self.export_seconds)),
            *("--mount-target-seconds", str(self.mount_target_seconds)),
            *("--tunnel-seconds", str(self.tunnel_seconds)),
        ]


@dataclass(frozen=True)
class Settings:
    """How one local AWS is run.

    Attributes:
        home: Absolute path of its folder: for the announcement and scratch space of functions.
        pace: How long things take.
        port: Port to listen on; 0 takes a free one.
        trace: Print one line per request.
    """

    home: Path
    pace: Pace
    port: int = 0
    trace: bool = False
