"""dynamodb-export: scanning in segments, encoding, and memory."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from tests.bench import IMPORT_ROOTS
from tests.bench.frame import Figure, below, times_faster

_ITEMS = 200_000
_LATENCY = 0.02  # seconds
_FEW, _MANY = 100, 1000  # items in a page; 1,000 of 1 KB are DynamoDB's most
_READY_SECONDS = 60


def scanning(home: Path) -> Iterator[Figure]:
    """Export 200,000 items, each page 20 ms away: four segments, then one (a minute)."""
    with _stand_in(home, _ITEMS, _FEW, _LATENCY, kind="session") as url:
        four = _run("ours", url, _ITEMS, segments=4)
        one = _run("ours", url, _ITEMS, segments=1)
    yield times_faster(
        f"export of {_ITEMS:,} items, 4 segments",
        four["seconds"],
        "1 segment",
        one["seconds"],
        at_least=3,
    )


def encoding(home: Path) -> Iterator[Figure]:
    """Export 40,000 items without latency, then the same with what lies at hand (a minute)."""
    count = 40_000
    with _stand_in(home, count, _MANY, 0) as url:
        ours = _run("ours", url, count, segments=4)
        peer = _run("peer", url, count, segments=1)
    yield times_faster(
        f"export of {count:,} items, upload included",
        ours["seconds"],
        "boto3.resource scan and json.dumps",
        peer["seconds"],
        at_least=1.5,
    )


def remembering(home: Path) -> Iterator[Figure]:
    """See how much memory exports of 20,000 and of 200,000 items took (half a minute)."""
    for count in (20_000, _ITEMS):
        folder = home / f"{count}"
        folder.mkdir()
        with _stand_in(folder, count, _MANY, 0) as url:
            run = _run("ours", url, count, segments=4)
        yield below(
            f"memory of an export of {count:,} items",
            run["peak_bytes"] / 1e6,
            "MB",
            limit=200,
            how="peak of the process",
        )


BENCHMARKS = (scanning, encoding, remembering)


@contextmanager
def _stand_in(
    home: Path, items: int, page: int, latency: float, kind: str = "task"
) -> Iterator[str]:
    """A table of so many items, in a process of its own; its address."""
    ready = home / "ready.json"
    numbers = ["--items", f"{items}", "--page", f"{page}", "--latency", f"{latency}"]
    arguments = [f"{ready}", *numbers, "--kind", kind]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.dynamodb_stand_in", *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(IMPORT_ROOTS)},
    ) as server:
        try:
            deadline = time.monotonic() + _READY_SECONDS
            while not ready.exists():
                if server.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("the stand-in of DynamoDB did not start")
                time.sleep(0.05)
            yield f"http://127.0.0.1:{json.loads(ready.read_text())['port']}"
        finally:
            server.terminate()


def _run(who: str, url: str, items: int, *, segments: int) -> dict[str, Any]:
    """Export once in a fresh interpreter: seconds, items and peak_bytes."""
    before = _lines(url)
    finished = subprocess.run(
        [sys.executable, "-m", "tests.bench.dynamodb_run", who],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(IMPORT_ROOTS),
            "AWS_ENDPOINT_URL": url,
            "AWS_DEFAULT_REGION": "ap-northeast-1",
            "AWS_ACCESS_KEY_ID": "bench",
            "AWS_SECRET_ACCESS_KEY": "bench",
            "AWS_ACCOUNT_ID": "123456789012",
            "BUCKET_NAME": "bench",
            "EXPORT_SEGMENTS": f"{segments}",
        },
        check=False,
        capture_output=True,
        text=True,
    )
    if finished.returncode:
        raise RuntimeError(f"the export failed:\n{finished.stderr[-2000:]}")
    run: dict[str, Any] = json.loads(finished.stdout.splitlines()[-1])
    written = _lines(url) - before
    if run["items"] != items or (who == "ours" and written != items):
        raise RuntimeError(f"{run['items']} of {items} items were read, {written} written")
    return run


def _lines(url: str) -> int:
    with urlopen(f"{url}/lines") as answer:  # noqa: S310 - the stand-in's
        return int(answer.read())
