"""nas-sync: what changed among 1,000,000 files, and how much memory a scan and its end take."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.bench import IMPORT_ROOTS
from tests.bench.frame import Figure, below, times_faster
from tests.bench.nas_sync_share import FILES

_ROUNDS = 2  # of which the best counts, on both sides
_MOST_CHILDREN = 10_000  # of a distributed Map


def comparing(home: Path) -> Iterator[Figure]:
    """Compare two manifests of 1,000,000 files: a streaming merge, then two dicts (two minutes)."""
    _run("plant", home)
    subject = f"manifest diff of {FILES:,} files"
    rounds = [(_run("merge", home), _run("dicts", home)) for _ in range(_ROUNDS)]
    ours, theirs = zip(*rounds, strict=True)
    if ours[0]["found"] != theirs[0]["found"]:
        raise RuntimeError(f"{ours[0]['found']} were found, not {theirs[0]['found']}")
    yield times_faster(
        subject,
        min(run["seconds"] for run in ours),
        "two dicts in memory",
        min(run["seconds"] for run in theirs),
        at_least=1,
    )
    how = f"peak, whole process; two dicts: {theirs[0]['megabytes']:.0f} MB"
    yield below(
        f"{subject}: memory", max(run["megabytes"] for run in ours), "MB", limit=100, how=how
    )


def planning(home: Path) -> Iterator[Figure]:
    """Scan and reconcile 1,000,000 files, then a month later: stand-ins on disk (ten minutes)."""
    for number, month in ((1, "first month"), (2, "second month")):
        scan = _run("scan", home, number)
        subject = f"{month} of {FILES:,} files"
        found = scan["found"]
        how = f"index.json of {found['map_bytes'] / 1e6:.1f} MB, {found['work_bytes'] / 1e6:.0f} MB"
        yield below(f"{subject}: children", found["index_count"], "", limit=_MOST_CHILDREN, how=how)
        yield _memory(f"{subject}: scan", scan)
        _run("work", home, number)
        yield _memory(f"{subject}: reconciliation", _run("reconcile", home, number))


BENCHMARKS = (comparing, planning)


def _memory(subject: str, run: dict[str, Any]) -> Figure:
    how = f"peak, whole process; {run['seconds']:.0f} s, {run['found']['s3_requests']:,} of S3"
    return below(f"{subject}: memory", run["megabytes"], "MB", limit=200, how=how)


def _run(step: str, home: Path, number: int = 2) -> dict[str, Any]:
    """A step in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.nas_sync_run", step, home, f"{number}"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(IMPORT_ROOTS)},
        stdout=subprocess.PIPE,
        check=True,
    )
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured
