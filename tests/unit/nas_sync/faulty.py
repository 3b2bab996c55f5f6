"""An HTTP proxy before OpenSearch that refuses, stalls or cuts off what it is told to."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

_PAUSE = 2.0  # seconds of silence


@dataclass
class Faults:
    """What happens to the next bulk requests, one after the other; then they pass.

    `429`, `503`, `413` and the like are answered at once; `slow` passes the request on but answers
    too late; `cut` closes the connection; `half` lets every second item pass, the others get 429;
    `blocked` answers every item with a cluster block. `always` stands for all that follow.
    """

    next: deque[str] = field(default_factory=deque)
    always: str | None = None
    sizes: list[int] = field(default_factory=list)  # actions of each bulk request that came

    def take(self, actions: int) -> str:
        """What happens to a request."""
        self.sizes.append(actions)
        return self.next.popleft() if self.next else self.always or "pass"


class _Proxy(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behind = ""
    faults: Faults

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if "_bulk" not in self.path:
            self._answer(*self._forward(body))
            return
        actions = _actions(body)
        fault = self.faults.take(len(actions))
        if fault.isdigit():
            said = {"error": {"type": "told_to", "reason": "so it was told"}, "status": int(fault)}
            self._answer(int(fault), json.dumps(said).encode())
        elif fault == "cut":
            self.close_connection = True
        elif fault == "half":
            self._half(actions)
        elif fault == "blocked":
            self._answer(
                200, _items([_refused(each, 403, "cluster_block_exception") for each in actions])
            )
        else:
            answer = self._forward(body)
            if fault == "slow":
                time.sleep(_PAUSE)
            self._answer(*answer)

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815 - http.server's names

    def _half(self, actions: list[list[bytes]]) -> None:
        passing = actions[1::2]
        body = b'{"items":[]}'
        if passing:
            _, body = self._forward(b"".join(line for action in passing for line in action))
        answers = iter(json.loads(body)["items"])
        items = [
            next(answers) if number % 2 else _refused(each, 429, "rejected_execution_exception")
            for number, each in enumerate(actions)
        ]
        self._answer(200, _items(items))

    def _forward(self, body: bytes) -> tuple[int, bytes]:
        headers = {"Content-Type": self.headers.get("Content-Type", "application/json")}
        url = f"{self.behind}{self.path}"  # the node on this machine
        request = Request(url, body or None, headers, method=self.command)  # noqa: S310
        try:
            with urlopen(request) as answer:  # noqa: S310 - as above
                return answer.status, answer.read()
        except HTTPError as error:
            return error.code, error.read()

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", f"{len(body)}")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


@contextmanager
def before(endpoint: str) -> Iterator[tuple[str, Faults]]:
    """A proxy before an OpenSearch; its URL, and what tells it what to do."""
    faults = Faults()
    handler = type("Proxy", (_Proxy,), {"behind": endpoint, "faults": faults})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", faults
    finally:
        server.shutdown()
        server.server_close()


def _actions(body: bytes) -> list[list[bytes]]:
    """The lines of each action: one, or two with a document."""
    lines = iter(body.splitlines(keepends=True))
    return [
        [line] if line.startswith(b'{"delete"') else [line, next(lines)]  # it moves on
        for line in lines
    ]


def _refused(action: list[bytes], status: int, kind: str) -> dict[str, object]:
    ((name, about),) = json.loads(action[0]).items()
    error = {"type": kind, "reason": "so it was told"}
    return {name: {"_id": about["_id"], "status": status, "error": error}}


def _items(items: list[dict[str, object]]) -> bytes:
    return json.dumps({"errors": True, "items": items}).encode()
