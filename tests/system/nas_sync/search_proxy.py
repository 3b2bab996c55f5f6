"""Stands before OpenSearch, and sees who asks.

Lets it be away, slow, or too busy for a part of a bulk request.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import requests

_BUSY = {
    "status": 429,
    "error": {"type": "es_rejected_execution_exception", "reason": "rejected: the queue is full"},
}
_OWN_HEADERS = {"connection", "content-length", "host", "transfer-encoding"}


@dataclass
class Faults:
    """What happens to requests.

    Attributes:
        away: Nobody answers: connections are closed.
        seconds: Each answer waits so long.
        only: Of requests whose path has this in it.
        busy: So many items of bulk requests that come are answered with 429, once each.
        struck: How many requests or items were answered so.
    """

    away: bool = False
    seconds: float = 0.0
    only: str = ""
    busy: int = 0
    struck: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, items: int) -> int:
        """How many of so many items are too many."""
        with self.lock:
            taken = min(self.busy, items)
            self.busy -= taken
            self.struck += taken
            return taken


@dataclass(frozen=True)
class SearchProxy:
    """A running proxy.

    Attributes:
        endpoint: Its URL.
        behind: The URL of OpenSearch.
        faults: What happens to requests now.
        signed: Access key and HTTP method of each request with a signature.
    """

    endpoint: str
    behind: str
    faults: Faults
    signed: set[tuple[str, str]]

    @contextmanager
    def failing(self, **faults: Any) -> Iterator[Faults]:
        """Let requests fail while the block lasts: `away`, `seconds` and `only`, `busy`."""
        self.faults.struck = 0
        for name, value in faults.items():
            setattr(self.faults, name, value)
        try:
            yield self.faults
        finally:
            self.faults.away, self.faults.seconds, self.faults.busy = False, 0.0, 0
            self.faults.only = ""


@contextmanager
def before(endpoint: str) -> Iterator[SearchProxy]:
    """Run a proxy while the block lasts.

    Args:
        endpoint: URL of OpenSearch.
    """
    faults, signed = Faults(), set[tuple[str, str]]()
    members = {"behind": endpoint, "faults": faults, "signed": signed}
    handler = type("Handler", (_Handler,), members)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield SearchProxy(f"http://127.0.0.1:{server.server_port}", endpoint, faults, signed)
        finally:
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behind: str
    faults: Faults
    signed: set[tuple[str, str]]

    def _pass_on(self) -> None:
        signature = self.headers.get("Authorization", "")
        if key := signature.partition("Credential=")[2].partition("/")[0]:
            self.signed.add((key, self.command))
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.faults.away:
            self.faults.struck += 1
            self.close_connection = True
            return
        if self.faults.seconds and self.faults.only in self.path:
            self.faults.struck += 1
            time.sleep(self.faults.seconds)
        if urlsplit(self.path).path.endswith("/_bulk"):
            self._answer(*self._bulk(body))
        else:
            self._answer(*self._ask(body))

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _pass_on  # noqa: N815  # the server's names

    def _bulk(self, body: bytes) -> tuple[int, str, bytes]:
        """Pass on what isn't refused; answer for all, in the order of the request."""
        actions = list(_actions(body))
        busy = self.faults.take(len(actions))
        if not busy:
            return self._ask(body)
        refused, passed = actions[:busy], actions[busy:]
        items = [{kind: {**name, **_BUSY}} for kind, name, _ in refused]
        answer: dict[str, Any] = {"took": 0, "errors": True, "items": []}
        if passed:
            status, _, content = self._ask(b"".join(lines for _, _, lines in passed))
            if status >= 300:
                return status, "application/json", content
            answer = json.loads(content)
        answer = {**answer, "errors": True, "items": items + answer["items"]}
        return 200, "application/json", json.dumps(answer).encode()

    def _ask(self, body: bytes) -> tuple[int, str, bytes]:
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in {*_OWN_HEADERS, "accept-encoding"}
        }
        answer = requests.request(
            self.command, self.behind + self.path, data=body, headers=headers, timeout=120
        )
        return answer.status_code, answer.headers.get("Content-Type", ""), answer.content

    def _answer(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def _actions(body: bytes) -> Iterator[tuple[str, dict[str, Any], bytes]]:
    """Each action of a bulk request: what is done, to which document, its lines."""
    lines = iter(body.splitlines(keepends=True))
    for line in lines:
        [(kind, name)] = json.loads(line).items()
        document = b"" if kind == "delete" else next(lines)
        yield kind, {"_id": name.get("_id"), "_index": name.get("_index")}, line + document
