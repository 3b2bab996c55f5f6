"""Everything behind the port: the web application and the Lambda service."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from scripts.local_aws import application
from scripts.local_aws.account import HOST
from scripts.local_aws.exports import EXPORTS
from scripts.local_aws.functions import service
from scripts.local_aws.mount_targets import MOUNT_TARGETS
from scripts.local_aws.nas import NAS
from scripts.local_aws.restores import RESTORES
from scripts.local_aws.settings import Settings
from scripts.local_aws.tunnels import VPN_CONNECTIONS


class _Handler(MotoRequestHandler):
    disable_nagle_algorithm = True  # or a client waits 40 ms for the end of an answer

    # An answer is one write, its body comes with its head. Who is answered faster than it notes
    # that all was sent may hang up after the head: the AWS SDK for Go then asks once more, and
    # Terraform has made a second layer version. It closes the body it has sent as soon as a head
    # is there, and net/http, which looks for more of that body, takes the end for an error:
    # https://github.com/aws/smithy-go/blob/v1.26.0/transport/http/internal/io/safe.go
    wbufsize = -1

    def handle_expect_100(self) -> bool:
        """Let a client that waits for it send its body, at once."""
        goes_on = super().handle_expect_100()
        self.wfile.flush()
        return goes_on

    def log_request(self, *_: object) -> None:
        """Say nothing: `--trace` says it better."""


@contextmanager
def running(settings: Settings, listener: socket.socket, endpoint: str) -> Iterator[BaseWSGIServer]:
    """A server that is ready to serve, and what it needs; functions are stopped at the end."""
    pace = settings.pace
    RESTORES.seconds = pace.restore_seconds
    EXPORTS.seconds = pace.export_seconds
    MOUNT_TARGETS.seconds = pace.mount_target_seconds
    VPN_CONNECTIONS.seconds = pace.tunnel_seconds
    NAS.start(settings.home)
    lambdas = service.start(settings.home, endpoint, pace.retry_delays)
    try:
        yield make_server(
            HOST,
            0,
            application.build(tracing=settings.trace),
            threaded=True,
            request_handler=_Handler,
            fd=listener.fileno(),
        )
    finally:
        lambdas.stop()
