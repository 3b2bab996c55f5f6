"""One export of the stand-in's table, ours or the peer's; prints seconds, items and peak memory.

`python -m tests.bench.dynamodb_run ours|peer`.
"""

from __future__ import annotations

import base64
import json
import os
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import boto3
from boto3.dynamodb.types import Binary

from dynamodb_export import settings
from dynamodb_export.controls import Controls
from dynamodb_export.scan import export
from dynamodb_export.scan.export import Request
from tests.bench.dynamodb_stand_in import TABLE
from tests.bench.peak import peak_bytes


def ours() -> int:
    """The whole export: scan, JSON, checksums, upload; how many items."""
    given = settings.load(os.environ)
    request = Request(given.plan(TABLE), "bench", date(2026, 7, 15))
    return export.run(given, export.connect(given), request, Controls()).items


def peer() -> int:
    """What lies at hand: the resource's scan and json.dumps, into a file; how many items."""
    table = boto3.resource("dynamodb").Table(TABLE)
    count = 0
    following: dict[str, Any] = {}
    with Path(os.devnull).open("w", encoding="utf-8") as out:
        while True:
            answer = table.scan(**following)
            items = answer["Items"]
            out.writelines(
                json.dumps({**item, "exported_at": "now"}, default=_told) for item in items
            )
            count += len(items)
            if "LastEvaluatedKey" not in answer:
                return count
            following = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _told(value: object) -> object:
    """What json doesn't know: sets, binary values, numbers."""
    if isinstance(value, set):
        return sorted(value)
    return (
        base64.b64encode(vars(value)["value"]).decode() if isinstance(value, Binary) else str(value)
    )


if __name__ == "__main__":
    began = time.perf_counter()
    items = {"ours": ours, "peer": peer}[sys.argv[1]]()
    took = time.perf_counter() - began
    print(json.dumps({"seconds": took, "items": items, "peak_bytes": peak_bytes()}))
