"""A proxy before S3 that answers 500 or 503, is slow, or cuts, at random."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import urlsplit

_XML = "<Error><Code>{code}</Code><Message>{code}, please try again</Message></Error>"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, target: str, share: float, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = urlsplit(target).netloc
        self.share = share
        self.random = random.Random(seed)
        self.lock = Lock()
        self.faults: dict[str, int] = {}

    def choose(self) -> str | None:
        """The fault of the next request."""
        with self.lock:
            if self.random.random() >= self.share:
                return None
            fault = self.random.choice(["500", "503", "slow", "cut before", "cut after"])
            self.faults[fault] = self.faults.get(fault, 0) + 1
            return fault


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        fault = self.server.choose()
        if fault == "slow":
            time.sleep(0.5)
        if fault == "cut before":
            self._cut()
        elif fault in ("500", "503"):
            code = {"500": "InternalError", "503": "SlowDown"}[fault]
            self._answer(int(fault), [("Content-Type", "text/xml")], _XML.format(code=code))
        else:
            status, headers, content = self._forward(body)
            if fault == "cut after":
                self._cut()
            else:
                self._answer(status, headers, content)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _serve  # noqa: N815 - named by http.server

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        connection = HTTPConnection(self.server.target)
        connection.request(self.command, self.path, body, dict(self.headers.items()))
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, response.getheaders(), content

    def _answer(self, status: int, headers: list[tuple[str, str]], content: str | bytes) -> None:
        body = content.encode() if isinstance(content, str) else content
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        length = {name.lower(): value for name, value in headers}.get("content-length")
        self.send_header("Content-Length", (length or "0") if not body else str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(2)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def running(target: str, *, share: float, seed: int = 1) -> Iterator[tuple[str, dict[str, int]]]:
    """Its URL, and how often it did what, while the block lasts.

    Args:
        target: URL of the S3 behind it.
        share: of the requests that go wrong, 0 to 1.
    """
    server = _Server(target, share, seed)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.faults
    finally:
        server.shutdown()
        server.server_close()
