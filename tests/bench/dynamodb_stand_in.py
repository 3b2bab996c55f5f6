"""A table that is scanned faster than any client can, and a bucket that forgets what it is given.

`python -m tests.bench.dynamodb_stand_in ready.json --items N --page N --latency SECONDS` answers
Scan and DescribeTable with prepared pages, and as much of S3 and EventBridge as an export
calls.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import os
import random
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

HOST = "127.0.0.1"
TABLE = "moderation-craft-prod"
_TEMPLATES = 4  # different pages; they come again and again
_MOST_BYTES = 64 * 1024 * 1024


def session(number: int, chance: random.Random) -> dict[str, Any]:
    """A session of the app as it travels: 200 bytes."""
    return {
        "id": {"S": f"session-{number:09d}"},
        "userId": {"S": f"user-{number % 97}"},
        "expiresAt": {"N": f"{chance.randrange(10**9)}"},
        "token": {"B": base64.b64encode(chance.randbytes(30)).decode()},
        "active": {"BOOL": True},
    }


def task(number: int, chance: random.Random) -> dict[str, Any]:
    """A task of the app as it travels: about 1 KB, every type of value."""

    def words(count: int) -> dict[str, str]:
        return {"S": " ".join(f"{chance.getrandbits(32):08x}" for _ in range(count))}

    return {
        "id": {"S": f"task-{number:09d}"},
        "projectId": {"S": f"project-{number % 97}"},
        "title": words(5),
        "description": words(40),
        "status": {"S": chance.choice(["open", "done", "blocked"])},
        "createdAt": {"S": "2026-07-15T03:04:05.678Z"},
        "priority": {"N": f"{chance.randrange(5)}"},
        "estimate": {"N": f"{chance.randrange(10**9)}.{chance.randrange(10**6)}1"},
        "archived": {"BOOL": False},
        "parent": {"NULL": True},
        "tags": {"SS": [f"t{chance.randrange(99)}", "moderation", "craft"]},
        "scores": {"NS": [f"{n}.5" for n in range(4)]},
        "thumbnail": {"B": base64.b64encode(chance.randbytes(60)).decode()},
        "owner": {"M": {"name": words(2), "level": {"N": "7"}}},
        "history": {"L": [{"M": {"at": {"N": f"{n}"}, "by": words(1)}} for n in range(3)]},
    }


Item = Callable[[int, random.Random], dict[str, Any]]
KINDS: dict[str, Item] = {"session": session, "task": task}


@dataclass
class StandIn:
    """The table's pages, the same for any number of segments, and what the bucket was given."""

    items: int
    page: int  # items
    latency: float  # seconds of an answer to Scan
    item: Item
    pages: list[bytes] = field(default_factory=list)
    lines: int = 0  # of the objects and parts that were put below raw/ or as drafts

    def prepare(self) -> None:
        """Make the pages."""
        chance = random.Random(5)
        for number in range(_TEMPLATES):
            first = number * self.page
            content = [self.item(first + n, chance) for n in range(self.page)]
            text = json.dumps(content, separators=(",", ":"))
            self.pages.append(
                f'{{"Items":{text},"Count":{self.page},"ScannedCount":{self.page},'
                f'"ConsumedCapacity":{{"TableName":"{TABLE}","CapacityUnits":128.0}}'.encode()
            )

    async def post(self, request: web.Request) -> web.Response:
        """DynamoDB and EventBridge, and S3's uploads."""
        body = await request.read()
        target = request.headers.get("X-Amz-Target", "")
        if target.endswith(".Scan"):
            await asyncio.sleep(self.latency)
            return _json(self._scan(json.loads(body)))
        if target.endswith(".DescribeTable"):
            table = {"TableName": TABLE, "ItemCount": self.items, "TableSizeBytes": 1}
            return _json(json.dumps({"Table": table}).encode())
        if target:
            return _json(b'{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}')
        if "uploads" in request.query:
            return _xml("InitiateMultipartUploadResult", "<UploadId>u</UploadId>")
        return _xml("CompleteMultipartUploadResult", '<ETag>"e"</ETag>')

    async def put(self, request: web.Request) -> web.Response:
        """S3's objects, parts and copies."""
        body = await request.read()
        if "x-amz-copy-source" in request.headers:
            return _xml("CopyObjectResult", '<ETag>"e"</ETag>')
        if not request.path.endswith(".json") or "/raw/" in request.path:
            self.lines += body.count(b'"export_version":"1.0"}')
        return web.Response(headers={"ETag": '"e"'})

    async def get(self, request: web.Request) -> web.Response:
        """How many items were put; of S3, nothing is there but drafts."""
        if request.path == "/lines":
            return web.json_response(self.lines)
        if request.path.endswith(".object"):
            return web.Response(headers={"Content-Length": "1"})
        return web.Response(status=404, text="<Error><Code>NoSuchKey</Code></Error>")

    async def delete(self, _: web.Request) -> web.Response:
        """Fine."""
        return web.Response(status=204)

    def _scan(self, asked: dict[str, Any]) -> bytes:
        segments = asked.get("TotalSegments", 1)
        at = int(asked["ExclusiveStartKey"]["id"]["S"]) if "ExclusiveStartKey" in asked else 0
        page, following = asked.get("Segment", 0) + at * segments, at + 1
        last: bool = (asked.get("Segment", 0) + following * segments) * self.page >= self.items
        key = "" if last else f',"LastEvaluatedKey":{{"id":{{"S":"{following}"}}}}'
        content: bytes = self.pages[page % _TEMPLATES]
        return content + f"{key}}}".encode()


def _json(content: bytes) -> web.Response:
    return web.Response(
        body=content,
        headers={
            "Content-Type": "application/x-amz-json-1.0",
            "x-amz-crc32": str(zlib.crc32(content)),
            "x-amzn-RequestId": "REQUEST",
        },
    )


def _xml(name: str, content: str) -> web.Response:
    return web.Response(text=f"<{name}>{content}</{name}>", content_type="application/xml")


async def _serve(stand_in: StandIn, ready: Path) -> None:
    stand_in.prepare()
    app = web.Application(client_max_size=_MOST_BYTES)
    for method in ("post", "put", "get", "delete"):
        app.router.add_route(method.upper(), "/{path:.*}", getattr(stand_in, method))
    app.router.add_route("HEAD", "/{path:.*}", stand_in.get)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, HOST, 0)
    await site.start()
    port = runner.addresses[0][1]
    half = ready.with_suffix(".half")
    half.write_text(json.dumps({"pid": os.getpid(), "port": port}), encoding="utf-8")
    half.replace(ready)
    await asyncio.Event().wait()


def main() -> None:
    """Serve until somebody ends the process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ready", type=Path)
    parser.add_argument("--items", type=int, required=True)
    parser.add_argument("--page", type=int, required=True)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--kind", choices=KINDS, default="task")
    given = parser.parse_args()
    stand_in = StandIn(given.items, given.page, given.latency, KINDS[given.kind])
    asyncio.run(_serve(stand_in, given.ready))


if __name__ == "__main__":
    main()
