"""A Slack on loopback that answers as it is told, and what tests of handlers use."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.unit.nas_sync.invoking import lines, listen, raw_bucket

__all__ = ["lines", "listen", "raw_bucket"]

PATH = "/services/T0/B0/averysecretpath"


@dataclass
class Slack:
    """What it was sent, and what it will answer: 200 when nothing else is left."""

    url: str = ""
    heard: list[str] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    silence: float = 0.0  # seconds before it answers

    def answering(self, *statuses: int, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers = [(status, named) for status in statuses]


@pytest.fixture
def slack_server() -> Iterator[Slack]:
    slack = Slack()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            slack.heard.append(body["text"])
            time.sleep(slack.silence)
            status, headers = slack.answers.pop(0) if slack.answers else (200, {})
            answer = b"ok" if status == 200 else b"no_service"
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(answer))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    slack.url = f"http://127.0.0.1:{server.server_port}{PATH}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield slack
    server.shutdown()
    server.server_close()
