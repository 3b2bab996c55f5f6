"""A receiver of Slack's webhooks on loopback: it keeps what it was sent, for a person to see.

`python -m scripts.local_estate.slack_receiver --home <folder>` writes each message as a line of
`slack-messages.jsonl`.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from scripts import files
from scripts.local_aws.account import HOST

MODULE = "scripts.local_estate.slack_receiver"
READY_FILE = "slack.json"
_MESSAGES = "slack-messages.jsonl"


def webhook(home: Path) -> str:
    """The URL that messages are posted to; whoever knows it may post.

    Raises:
        FileNotFoundError: no receiver runs in this folder.
    """
    return str(json.loads((home / READY_FILE).read_text())["url"])


def messages(home: Path) -> list[dict[str, Any]]:
    """What the receiver of a folder was sent, the first one first."""
    kept = home / _MESSAGES
    return [json.loads(line) for line in kept.open()] if kept.exists() else []


def serve(home: Path) -> None:
    """Receive until the process is stopped."""
    path = f"/services/{secrets.token_hex(8)}"
    kept = home / _MESSAGES
    kept.unlink(missing_ok=True)

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # http.server's name
            """Keep a message, as Slack answers: `ok`, or `invalid_payload`."""
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path != path:
                self._answer(HTTPStatus.NOT_FOUND, "no_service")
            elif not _is_message(body):
                self._answer(HTTPStatus.BAD_REQUEST, "invalid_payload")
            else:
                with kept.open("ab") as file:
                    file.write(json.dumps(json.loads(body), ensure_ascii=False).encode() + b"\n")
                self._answer(HTTPStatus.OK, "ok")

        def _answer(self, status: HTTPStatus, text: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing: what came is kept."""

    server = ThreadingHTTPServer((HOST, 0), Receiver)
    url = f"http://{HOST}:{server.server_port}{path}"
    files.write(home / READY_FILE, json.dumps({"url": url, "pid": os.getpid()}))
    server.serve_forever()


def _is_message(body: bytes) -> bool:
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and bool(said.get("text") or said.get("blocks"))


if __name__ == "__main__":
    serve(Path(sys.argv[sys.argv.index("--home") + 1]))
