"""efs-autoscaler: how many paths the router sends on their way in a second."""

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.efs_mounts import Router
from tests.bench.frame import Figure

_MOUNTS = [f"/mnt/efs-{number}" for number in range(3)]
_PATHS = [f"tenants/{n % 97:03}/2026/11/{n % 28:02}/object-{n:07}.bin" for n in range(20_000)]
_RUNS = 50
_TARGET = 1_000_000  # paths a second


def routing(home: Path) -> Iterator[Figure]:
    """Route 20,000 paths to three mounts, and the same by MD5, the usual way (seconds).

    Seconds are the processor's: one thread that waits for nothing, whatever else runs here.
    """
    del home
    theirs = _paths_per_second(_by_md5)
    for subject, rendezvous in (("route()", False), ("route() by rendezvous", True)):
        rate = _paths_per_second(Router(_MOUNTS, rendezvous=rendezvous).route)
        target = _TARGET if not rendezvous else theirs / 4
        yield Figure(
            f"{subject}, paths a second",
            f"{rate:,.0f}",
            f"hashlib.md5, nothing checked: {theirs:,.0f}",
            f"{rate / theirs:.1f} ×",
            f"≥ {target:,.0f}",
            rate >= target,
        )


def _paths_per_second(route: Callable[[str], str]) -> float:
    def once() -> float:
        began = time.process_time()
        for path in _PATHS:
            route(path)
        return time.process_time() - began

    return len(_PATHS) / min(once() for _ in range(_RUNS))


def _by_md5(path: str) -> str:
    number = int.from_bytes(hashlib.md5(path.encode(), usedforsecurity=False).digest())
    return f"{_MOUNTS[number % len(_MOUNTS)]}/{path}"


BENCHMARKS = (routing,)
