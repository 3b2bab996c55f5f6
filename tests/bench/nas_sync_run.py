"""One step at 1,000,000 files; prints seconds, megabytes (peak of the process) and figures.

`python -m tests.bench.nas_sync_run <step> <folder> <month>`.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from nas_sync import keys
from nas_sync.reconcile import reconciling
from nas_sync.scan import listing, scanning
from nas_sync.scan.batches import Scan
from nas_sync.scan.changes import compare
from nas_sync.scan.scanning import Request
from nas_sync.scan.settings import Settings
from nas_sync.settings import Common, SearchSettings
from tests.bench.nas_sync_share import FolderS3, Places, fate, month, store
from tests.bench.peak import peak_bytes

_NOW = datetime(2026, 12, 1, tzinfo=UTC)
_CURRENT, _PREVIOUS = keys.listing("exec-2"), keys.reconciled("exec-1")
_SETTINGS = Settings(Common("bench", "INFO", "bench"), 5, True, 100)


def plant(home: Path, _: int) -> dict[str, int]:
    """Write the two manifests that are compared."""
    bucket = store(home, 2)
    bucket.write_lines(_CURRENT, month(2))
    bucket.write_lines(_PREVIOUS, ({**row, **fate(row["key"])} for row in month(1)))
    return {}


def merge(home: Path, _: int) -> dict[str, int]:
    """Ours: two streams side by side."""
    bucket = store(home, 2)
    rows = listing.read(bucket, _CURRENT), listing.read(bucket, _PREVIOUS)
    return dict(Counter(found.state.value for found in compare(*rows, everything=False)))


def dicts(home: Path, _: int) -> dict[str, int]:
    """The peer's: two dicts in memory."""

    def load(key: str) -> dict[str, Any]:
        with gzip.open(home / "objects" / key) as file:
            return {row["key"]: row for row in map(orjson.loads, file)}

    def state(key: str, now: dict[str, Any]) -> str:
        before = previous.get(key)
        if before is None:
            return "new"
        if (now["etag"], now["size"]) != (before["etag"], before["size"]):
            return "changed"
        return "retried" if before["status"] == "failed" else "unchanged"

    current, previous = load(_CURRENT), load(_PREVIOUS)
    found = Counter(state(key, now) for key, now in current.items())
    found["gone"] = len(previous.keys() - current.keys())
    return dict(found)


def scan(home: Path, number: int) -> dict[str, int]:
    """A scan of the share."""
    bucket = store(home, number)
    found = scanning.scan(bucket, _SETTINGS, Request(f"exec-{number}", "manual"), _now(number))
    s3: Any = bucket.s3
    return {
        **{name: value for name, value in found.items() if type(value) is int},
        **_sizes(home, number, s3),
    }


def work(home: Path, number: int) -> dict[str, int]:
    """What lies between scan and reconciliation, as far as that looks at it."""
    bucket, places = store(home, number), Places(home)
    batch = f"exec-{number}"
    for item in bucket.read_json(keys.work_list(batch, "index")):
        rows = [{**row, **fate(row["key"])} for row in bucket.lines(item["work"])]
        places.put(rows, batch)
        told = ({name: row[name] for name in _OUTCOME if name in row} for row in rows)
        bucket.write_lines(keys.indexed(batch, keys.name_of(item["work"])), told)
    gone = list(bucket.lines(keys.deleted(batch)))
    places.remove(gone)
    ends = ({"key": row["key"], "status": _end(row)} for row in gone)
    bucket.write_lines(keys.archived(batch, 0, len(gone)), ends)
    places.database.commit()
    return {}


def reconcile(home: Path, number: int) -> dict[str, int]:
    """A reconciliation of the share."""
    bucket = store(home, number)
    found: Scan = bucket.read_json(keys.scan(f"exec-{number}"))
    stand_in: Any = Places(home)
    where = SearchSettings("", "", "files", "images")
    places = reconciling.Places(bucket, stand_in, where, stand_in, "files")
    report = reconciling.reconcile(places, found, _now(number))
    s3: Any = bucket.s3
    return {
        **{name: value for name, value in report.items() if type(value) is int},
        "s3_requests": s3.requests,
        "other_requests": stand_in.requests,
    }


STEPS: dict[str, Callable[[Path, int], dict[str, int]]] = {
    step.__name__: step for step in (plant, merge, dicts, scan, work, reconcile)
}
_OUTCOME = ("key", "status", "reason")


def _now(number: int) -> datetime:
    return _NOW + timedelta(days=30 * number)


def _end(row: dict[str, Any]) -> str:
    return "moved" if "moved_to" in row else "archived"


def _sizes(home: Path, number: int, s3: FolderS3) -> dict[str, int]:
    def size(*folders: str) -> Iterator[int]:
        for folder in folders:
            yield from (path.stat().st_size for path in (home / "objects" / folder).glob("*"))

    work_files = list(size(f"work/exec-{number}"))
    return {
        "s3_requests": s3.requests,
        "manifest_bytes": (home / "objects" / keys.listing(f"exec-{number}")).stat().st_size,
        "work_objects": len(work_files),
        "work_bytes": sum(work_files),
        "map_bytes": (home / "objects" / keys.work_list(f"exec-{number}", "index")).stat().st_size,
    }


if __name__ == "__main__":
    began = time.perf_counter()
    result = STEPS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))
    measured = {
        "seconds": time.perf_counter() - began,
        "megabytes": peak_bytes() / 1024**2,
        "found": result,
    }
    print(json.dumps(measured))
