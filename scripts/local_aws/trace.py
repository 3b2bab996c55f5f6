"""`--trace`: one line per request, never a body."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, request

from scripts.local_aws.iam.sessions import of_key
from scripts.local_aws.operations import operation


def attach(app: Flask, service: str) -> None:
    """Print time, action, status, duration and caller of every request to a service."""

    @app.before_request
    def begin() -> None:
        g.began = time.monotonic()

    @app.after_request
    def finish(response: Response) -> Response:
        took = (time.monotonic() - g.began) * 1000
        line = [
            f"{datetime.now(UTC):%H:%M:%S.%f}"[:-3],
            str(response.status_code),
            operation(request, service),
            _caller(request.headers.get("Authorization", "")),
            f"{took:.0f} ms",
        ]
        sys.stdout.write(" ".join(line) + "\n")  # one write: threads don't mix their lines
        sys.stdout.flush()
        return response


def _caller(authorization: str) -> str:
    """Name of the role whose keys signed a request, `-` for anybody else."""
    key = authorization.partition("Credential=")[2].partition("/")[0]
    session = of_key(key)
    return session.role_name if session else "-"
