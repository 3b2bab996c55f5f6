"""Which mount a file is reached by: the same one in every process, whoever asks.

Every mount shows the same file system: a path names the same file behind each of them. What is
chosen is the way there: the mount target, its network path, and the cache that knows the file. An
application that always goes the same way to a file sees there what it wrote.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO, Any
from zlib import crc32

from .paths import AnyPath, UnsafePathError, encoded, open_beneath, relative

VARIABLE = "EFS_MOUNTS"
"""Mount points joined by colons, in the order of the list: set by the entry point."""

_GOLDEN = 0x9E3779B1  # 2^32 / the golden ratio, odd: multiplying by it mixes bits upwards
_BITS = 0xFFFFFFFF

__all__ = ["VARIABLE", "AnyPath", "Router", "UnsafePathError"]


class Router:
    """Chooses a mount for each path, and counts.

    Args:
        mounts: absolute paths of the mount points, in the order of the list.
        rendezvous: let each path take the mount of the highest weight instead of a remainder: a
            further mount then takes 1/N of the paths from the others and moves none between them.
            By remainders nearly all move. No data moves in either case, but caches grow cold.

    Raises:
        ValueError: there is no mount.
    """

    def __init__(self, mounts: Sequence[str], *, rendezvous: bool = False) -> None:
        if not mounts:
            raise ValueError(f"there is no mount to choose from: {VARIABLE} is empty or not set")
        self.mounts = tuple(mounts)
        self.accesses = [0] * len(mounts)
        self._bases = tuple(f"{mount}/" for mount in mounts)
        self._choose = _heaviest(mounts) if rendezvous else _remainder(len(mounts))

    @classmethod
    def from_environment(
        cls, environment: Mapping[str, str] = os.environ, *, rendezvous: bool = False
    ) -> Router:
        """The router of an application that the entry point started.

        Raises:
            ValueError: `EFS_MOUNTS` is empty or not set.
        """
        listed = environment.get(VARIABLE, "").split(":")
        return cls([mount for mount in listed if mount], rendezvous=rendezvous)

    def index(self, path: AnyPath) -> int:
        """Number of the mount that a path is reached by: 0 is the first of the list.

        Raises:
            UnsafePathError: as by `route`.
        """
        return self._choose(encoded(relative(path)))

    def route(self, path: AnyPath) -> str:
        """Full path of a file, below the mount that it is reached by. Asks no file system.

        Args:
            path: relative to the file system's root; names that aren't UTF-8 as bytes, or as
                `os.fsdecode` gives them.

        Raises:
            UnsafePathError: it is empty or absolute, has `..` or a NUL, or no bytes stand for it.
        """
        if (
            type(path) is not str
            or "//" in (around := f"/{path}/")  # absolute, empty, and other spellings
            or "/." in around
            or "\\" in path
            or "\0" in path
        ):
            path = relative(path)
        try:
            number = self._choose(path.encode())
        except UnicodeEncodeError:
            number = self._choose(encoded(path))
        self.accesses[number] += 1
        return self._bases[number] + path

    def open(self, path: AnyPath, mode: str = "r", **options: Any) -> IO[Any]:
        """Open a file as the built-in `open` does, but follow no link that leaves the mount.

        Args:
            path: as for `route`.
            mode: as of `open`.
            options: of `open`: encoding, newline, buffering.

        Raises:
            UnsafePathError: as by `route`, or a link on the way leads out of the mount.
            OSError: as by `open`.
        """
        inside = relative(path)
        mount = self.mounts[self.index(inside)]
        whole = self.route(inside)
        return open(
            whole, mode, opener=lambda _, flags: open_beneath(mount, inside, flags), **options
        )

    def metrics(self, environment: str) -> Iterator[str]:
        """Accesses since the last call: a line in CloudWatch's embedded metric format per mount.

        Printed to standard output they become the metric `MountAccesses`. Source:
        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

        Args:
            environment: such as `prd`.
        """
        counts, self.accesses = self.accesses, [0] * len(self.mounts)
        for mount, count in zip(self.mounts, counts, strict=True):
            yield _metric(mount, count, environment)


def _remainder(count: int) -> Callable[[bytes], int]:
    """By the remainder of a checksum, mixed: a CRC alone follows the bits of similar names."""

    def choose(name: bytes) -> int:
        return (crc32(name) * _GOLDEN >> 32) % count

    return choose


def _heaviest(mounts: Sequence[str]) -> Callable[[bytes], int]:
    """By the highest of the weights that a name has together with each mount."""
    keys = [crc32(os.fsencode(mount)) for mount in mounts]

    def choose(name: bytes) -> int:
        code = crc32(name)
        weights = [_weight(code ^ key) for key in keys]
        return weights.index(max(weights))

    return choose


def _weight(number: int) -> int:
    """A number that looks like any other, from one of 32 bits."""
    number = (number ^ number >> 16) * _GOLDEN & _BITS
    number = (number ^ number >> 15) * _GOLDEN & _BITS
    return number ^ number >> 16


def _metric(mount: str, count: int, environment: str) -> str:
    dimensions = {"service": "efs-autoscaler", "environment": environment, "mount": mount}
    described = {
        "Namespace": "batchworks",
        "Dimensions": [list(dimensions)],
        "Metrics": [{"Name": "MountAccesses", "Unit": "Count"}],
    }
    emf = {"Timestamp": time.time_ns() // 1_000_000, "CloudWatchMetrics": [described]}
    return json.dumps({"_aws": emf, **dimensions, "MountAccesses": count})
