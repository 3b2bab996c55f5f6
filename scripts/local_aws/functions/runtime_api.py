"""Lambda's Runtime API for one process: hands out events, takes back what came of them.

The protocol: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from scripts.local_aws.account import HOST

_PREFIX = "/2018-06-01/runtime/"


@dataclass(frozen=True)
class Event:
    """One event to be handled.

    Attributes:
        arn: The ARN that was invoked, with its alias if there was one.
        payload: JSON.
        request_id: The same for every attempt to handle it.
    """

    arn: str
    payload: bytes
    request_id: str


@dataclass(frozen=True)
class Answer:
    """What the process reported.

    Attributes:
        kind: `next` (it is ready for an event), `response`, `error` (of the handler),
            `init/error` (before any event), or `exit`, which its owner adds.
        body: JSON, or nothing.
    """

    kind: str
    body: bytes


class RuntimeApi:
    """A server with one client: the process of one execution environment.

    Attributes:
        answers: What the process reported, in order.
    """

    def __init__(self) -> None:
        self.answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._offers: queue.SimpleQueue[tuple[Event, float] | None] = queue.SimpleQueue()
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """`host:port`, as AWS_LAMBDA_RUNTIME_API wants it."""
        return f"{HOST}:{self._server.server_port}"

    def offer(self, event: Event, deadline: float) -> None:
        """Give the process its next event.

        Args:
            deadline: When it will be killed, in seconds since the epoch.
        """
        self._offers.put((event, deadline))

    def next_event(self) -> tuple[Event, float] | None:
        """Wait for the next event and its deadline; None when there will be no more."""
        self.answers.put(Answer("next", b""))
        return self._offers.get()

    def close(self) -> None:
        """Stop serving; a process that waits for an event is let go."""
        self._offers.put(None)
        threading.Thread(target=self._server.stop, daemon=True).start()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, api: RuntimeApi) -> None:
        self.api = api
        super().__init__((HOST, 0), _Handler)

    def stop(self) -> None:
        self.shutdown()  # waits for the serving thread, up to half a second
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one write per answer, and …
    disable_nagle_algorithm = True  # … no wait for an ACK: 2 ms a call instead of 90

    def do_GET(self) -> None:
        offer = self.server.api.next_event()
        if offer is None:
            self.close_connection = True
            return
        event, deadline = offer
        self._answer(
            200,
            event.payload,
            {
                "Lambda-Runtime-Aws-Request-Id": event.request_id,
                "Lambda-Runtime-Deadline-Ms": str(int(deadline * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": event.arn,
            },
        )

    def do_POST(self) -> None:
        body = self._body()
        step = self.path.removeprefix(_PREFIX)
        kind = step if step == "init/error" else step.rsplit("/", 1)[-1]
        self._answer(202, b'{"status":"OK"}', {})
        self.server.api.answers.put(Answer(kind, body))

    def _body(self) -> bytes:
        if "Content-Length" in self.headers:
            return self.rfile.read(int(self.headers["Content-Length"]))
        return b"".join(iter(self._chunk, b""))

    def _chunk(self) -> bytes:
        size = int(self.rfile.readline(), 16)
        data = self.rfile.read(size)
        self.rfile.readline()
        return data

    def _answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing: the runtime's chatter is no news."""
