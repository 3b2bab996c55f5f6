"""Writes and reads files over the mounts: `python -m efs_mounts.load_test`, and shows how it went.

To be run where the mounts are, as a task's command: docs/efs-autoscaler.md says how. It removes
what it wrote.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

from .mounting import mounted_under
from .router import VARIABLE, Router

_FOLDERS = 100  # files spread over so many, as nobody keeps all in one


@dataclass(frozen=True)
class Load:
    """What is done: so many files of so many bytes, so many at a time."""

    files: int
    size: int
    threads: int

    def paths(self, folder: str) -> Iterator[str]:
        return (
            f"{folder}/{number % _FOLDERS:02}/file-{number:08}.bin" for number in range(self.files)
        )


@dataclass(frozen=True)
class Timing:
    """How long each file took, in seconds, and all of them together."""

    each: Mapping[str, Sequence[float]]
    whole: float


def run(router: Router, load: Load) -> Iterator[str]:
    """Lines of a report.

    Raises:
        OSError: a mount can't be written to or read from.
    """
    folder = f"load-test-{uuid4()}"
    paths = list(load.paths(folder))
    content = os.urandom(load.size)

    def write(path: str) -> None:
        with router.open(path, "wb") as file:
            file.write(content)

    def read(path: str) -> None:
        with router.open(path, "rb") as file:
            if file.read() != content:
                raise OSError(f"{path} was read otherwise than it was written")

    first = Path(router.mounts[0], folder)
    for number in range(_FOLDERS):
        Path(first, f"{number:02}").mkdir(parents=True)
    try:
        written = _timed(router, write, paths, load.threads)
        taken = _timed(router, read, paths, load.threads)
    finally:
        _timed(router, lambda path: Path(router.route(path)).unlink(missing_ok=True), paths, 16)
        for number in range(_FOLDERS):
            Path(first, f"{number:02}").rmdir()
        first.rmdir()
    yield from _table(router.mounts, load, {"write": written, "read": taken})


def _timed(
    router: Router, action: Callable[[str], None], paths: Sequence[str], threads: int
) -> Timing:
    def one(path: str) -> float:
        began = time.perf_counter()
        action(path)
        return time.perf_counter() - began

    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        took = list(pool.map(one, paths))
    whole = time.perf_counter() - began
    each: dict[str, list[float]] = {mount: [] for mount in router.mounts}
    for path, seconds in zip(paths, took, strict=True):
        each[router.mounts[router.index(path)]].append(seconds)
    return Timing(each, whole)


def _table(mounts: Sequence[str], load: Load, timings: Mapping[str, Timing]) -> Iterator[str]:
    width = max(map(len, mounts))
    yield f"{load.files:,} files of {load.size:,} bytes, {load.threads} at a time"
    yield f"{'mount':{width}}  {'':5}  {'files':>7}  share  {'p50':>8}  {'p95':>8}  {'p99':>8}"
    for action, timing in timings.items():
        for mount, seconds in timing.each.items():
            share = len(seconds) / load.files
            times = "  ".join(f"{value * 1000:5.1f} ms" for value in _percentiles(seconds))
            yield f"{mount:{width}}  {action:5}  {len(seconds):7,}  {share:5.1%}  {times}"
    for action, timing in timings.items():
        rate, volume = load.files / timing.whole, load.files * load.size / timing.whole
        yield f"{action}: {rate:,.0f} files/s, {volume / 1_000_000:,.1f} MB/s"


def _percentiles(seconds: Sequence[float]) -> list[float]:
    """The 50th, 95th and 99th."""
    if len(seconds) < 2:
        seconds = [*seconds, *seconds] or [0.0, 0.0]
    cuts = quantiles(seconds, n=100, method="inclusive")
    return [cuts[number - 1] for number in (50, 95, 99)]


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m efs_mounts.load_test")
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--size", type=int, default=4096, help="bytes of each (default 4096)")
    parser.add_argument("--threads", type=int, default=16)
    parser.add_argument("--rendezvous", action="store_true")
    given = parser.parse_args(arguments)
    found = mounted_under(Path(environment.get("EFS_MOUNT_ROOT") or "/mnt"))
    listed = environment.get(VARIABLE) or ":".join(map(str, found))
    try:
        router = Router.from_environment({VARIABLE: listed}, rendezvous=given.rendezvous)
        for line in run(router, Load(given.files, given.size, given.threads)):
            print(line)
    except (OSError, ValueError) as error:
        print(f"load test: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
