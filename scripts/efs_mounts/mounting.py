"""Mounts a file system at one folder per mount target: side by side, none longer than allowed."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from .targets import Target

PREFIX = "efs-"
_KILL_SECONDS = 1.0
_TABLE = Path("/proc/self/mountinfo")
_log = logging.getLogger(__name__)


class MountError(Exception):
    """A mount target can't be mounted; the message says why."""


@dataclass(frozen=True)
class FileSystem:
    """What is mounted: ids of a file system and, unless empty, of the access point to it.

    The helper asks the machine for a region that isn't given, which not every task may.
    """

    id: str
    access_point: str = ""
    region: str = ""


def mount_all(
    file_system: FileSystem, targets: Sequence[Target], root: Path, seconds: float
) -> list[Path]:
    """Mount each target at `<root>/efs-<its number>`; leave alone what is a mount point already.

    Args:
        file_system: the same for all.
        targets: in the order of the list.
        root: folder of the mount points.
        seconds: limit of each mount; all go side by side.

    Returns:
        The mount points that work, in the order of the list. The others are logged.
    """
    places = [root / f"{PREFIX}{number}" for number in range(len(targets))]

    def attempt(target: Target, place: Path) -> bool:
        try:
            _mount(file_system, target, place, seconds)
        except (MountError, OSError) as error:
            _log.error(
                "skipped mount target %s (%s) at %s: %s", target.address, target.zone, place, error
            )
            return False
        return True

    with ThreadPoolExecutor(len(targets)) as pool:
        works = list(pool.map(attempt, targets, places))
    return [place for place, good in zip(places, works, strict=True) if good]


def mounted_under(root: Path) -> list[Path]:
    """Mount points `<root>/efs-<number>`, by number, as the kernel lists them.

    No file system is asked, so that one that doesn't answer holds up nobody.
    """
    names = {place.name for place in _mount_points() if place.parent == root.resolve()}
    numbers = [int(name[len(PREFIX) :]) for name in names if re.fullmatch(rf"{PREFIX}\d+", name)]
    return [root / f"{PREFIX}{number}" for number in sorted(numbers)]


def _mount_points() -> Iterator[Path]:
    """Every mount point of this container. Source: proc_pid_mountinfo(5)."""
    for line in os.fsdecode(_TABLE.read_bytes()).strip("\n").split("\n"):
        yield Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), line.split(" ")[4]))


def _mount(file_system: FileSystem, target: Target, place: Path, seconds: float) -> None:
    """Raises MountError."""
    if place in mounted_under(place.parent):
        _log.info("%s is mounted already", place)
        return
    place.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    _run(_command(file_system, target, place), seconds)
    took = time.monotonic() - began
    _log.info("mounted %s (%s) at %s in %.1f s", target.address, target.zone, place, took)


def _command(file_system: FileSystem, target: Target, place: Path) -> list[str]:
    """By the helper of amazon-efs-utils, whose options they are.

    Source: https://github.com/aws/efs-utils/blob/master/man/mount.efs.8
    """
    options = ["tls", "iam", f"mounttargetip={target.address}"]
    if file_system.access_point:
        options.append(f"accesspoint={file_system.access_point}")
    if file_system.region:
        options.append(f"region={file_system.region}")
    return ["mount", "-t", "efs", "-o", ",".join(options), f"{file_system.id}:/", str(place)]


def _run(command: Sequence[str], seconds: float) -> None:
    """What it says goes to a file: a tunnel that it leaves behind would keep a pipe open."""
    with TemporaryFile() as words:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=words,
            process_group=0,
        )
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            with suppress(subprocess.TimeoutExpired):  # the kernel may hold it for longer
                process.wait(_KILL_SECONDS)
            raise MountError(f"no answer within {seconds:g} s") from None
        words.seek(0)
        said = words.read().decode(errors="replace").strip().splitlines()
    if code:
        raise MountError(f"{said[-1] if said else 'mount said nothing'} (exit code {code})")
