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
    rate, theirs = _paths_per_second(Router(_MOUNTS).route), _paths_per_second(_by_md5)
    yield Figure(
        "route(), paths a second",
        f"{rate:,.0f}",
        f"hashlib.md5, nothing checked: {theirs:,.0f}",
        f"{rate / theirs:.1f} ×",
        f"≥ {_TARGET:,}",
        rate >= _TARGET,
    )
    rate = _paths_per_second(Router(_MOUNTS, rendezvous=True).route)
    theirs = _paths_per_second(_by_md5_and_weight)
    yield Figure(
        "route() by rendezvous, paths a second",
        f"{rate:,.0f}",
        f"hashlib.md5 of each mount and path: {theirs:,.0f}",
        f"{rate / theirs:.1f} ×",
        "≥ 1 ×",
        rate >= theirs,
    )


def _paths_per_second(route: Callable[[str], str]) -> float:
    def once() -> float:
        began = time.process_time()
        for path in _PATHS:
            route(path)
        return time.process_time() - began

    return len(_PATHS) / min(once() for _ in range(_RUNS))


def _by_md5(path: str) -> str:
    return f"{_MOUNTS[_md5(path) % len(_MOUNTS)]}/{path}"


def _by_md5_and_weight(path: str) -> str:
    mount = max(_MOUNTS, key=lambda mount: _md5(mount + path))
    return f"{mount}/{path}"


def _md5(text: str) -> int:
    return int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest())


BENCHMARKS = (routing,)
