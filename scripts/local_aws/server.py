"""The process: one port, one announcement file, one clean end."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
from pathlib import Path

from scripts.local_aws.account import HOST
from scripts.local_aws.client import ANNOUNCEMENT, LocalAws
from scripts.local_aws.control_client import LocalAwsError
from scripts.local_aws.settings import Settings


class HomeTakenError(Exception):
    """Another local AWS runs in this home."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then stop every function process.

    `home/aws.json` (`{"endpoint": URL, "pid": N}`) exists exactly while requests are answered.

    Raises:
        HomeTakenError: Another local AWS already serves from this home.
        OSError: The port is taken.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    _claim(settings.home)
    announcement = settings.home / ANNOUNCEMENT
    listener = socket.create_server((HOST, settings.port))
    port = listener.getsockname()[1]
    endpoint = f"http://{HOST}:{port}"
    os.environ |= {"MOTO_PORT": str(port), "MOTO_DISABLE_GLOBAL_CORS": "true"}
    from scripts.local_aws import machine  # noqa: PLC0415  # moto reads them when imported

    with machine.running(settings, listener, endpoint) as server:
        _announce(announcement, endpoint)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            announcement.unlink(missing_ok=True)


def _claim(home: Path) -> None:
    """Make sure that nobody else serves from this home; a killed one leaves its announcement."""
    home.mkdir(parents=True, exist_ok=True)
    try:
        other = LocalAws.running_in(home)
    except LocalAwsError:
        return
    if other.answers():
        raise HomeTakenError(
            f"{home} is used by the local AWS with process id {other.pid}: "
            "stop it or take another --home"
        )
    (home / ANNOUNCEMENT).unlink(missing_ok=True)


def _announce(announcement: Path, endpoint: str) -> None:
    """Write the file in one step: whoever sees it sees all of it."""
    unfinished = announcement.with_suffix(".tmp")
    unfinished.write_text(json.dumps({"endpoint": endpoint, "pid": os.getpid()}))
    unfinished.rename(announcement)
