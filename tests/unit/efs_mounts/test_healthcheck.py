"""A container is healthy while each of its mount points answers: with file systems that don't."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.local_estate import mount_namespace

ROOT = Path(__file__).parents[3]
REFUSED = mount_namespace.refusal() or ("" if os.access("/dev/fuse", os.W_OK) else "no /dev/fuse")
needs_fuse = pytest.mark.skipif(bool(REFUSED), reason=f"no file system can be played: {REFUSED}")

# Mounts a file system whose server answers nothing, or (with "gone") is gone, and asks for health.
PLAY = """
import ctypes, os, runpy, sys
place, server = sys.argv[1:3]
device = os.open("/dev/fuse", os.O_RDWR)
options = f"fd={device},rootmode=40000,user_id=0,group_id=0".encode()
libc = ctypes.CDLL(None, use_errno=True)
if libc.mount(b"efs", place.encode(), b"fuse", 0, options):
    raise OSError(ctypes.get_errno(), "mount")
if server == "gone":
    os.close(device)
sys.argv = ["healthcheck"]
runpy.run_module("scripts.efs_mounts.healthcheck", run_name="__main__")
"""


def check(home: Path, *program: str) -> subprocess.CompletedProcess[str]:
    (home / "bin").mkdir()
    return subprocess.run(
        mount_namespace.command(program, home, home / "bin"),
        env={**os.environ, "EFS_MOUNT_ROOT": str(home)},
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip


@pytest.fixture
def places(tmp_path: Path) -> list[Path]:
    found = [tmp_path / f"efs-{number}" for number in (0, 1)]
    for place in found:
        place.mkdir()
    return found


@pytest.mark.skipif(bool(mount_namespace.refusal()), reason="no mounts in a namespace")
def test_mount_points_that_answer_are_healthy(tmp_path: Path, places: list[Path]) -> None:
    mounts = " && ".join(f"mount --bind {place} {place}" for place in places)
    health = f"{sys.executable} -m scripts.efs_mounts.healthcheck"
    done = check(tmp_path, "/bin/sh", "-c", f"{mounts} && {health}")
    assert (done.returncode, done.stdout) == (0, "2 mount points answer\n")


@needs_fuse
def test_a_mount_point_that_doesn_t_answer_is_an_illness_told_in_time(
    tmp_path: Path, places: list[Path]
) -> None:
    done = check(tmp_path, sys.executable, "-c", PLAY, str(places[0]), "silent")
    assert (done.returncode, done.stdout) == (1, f"{places[0]}: no answer within 3 s\n")


@needs_fuse
def test_a_mount_point_whose_server_is_gone_is_an_illness(
    tmp_path: Path, places: list[Path]
) -> None:
    done = check(tmp_path, sys.executable, "-c", PLAY, str(places[1]), "gone")
    wrong = f"{places[1]}: Transport endpoint is not connected\n"
    assert (done.returncode, done.stdout) == (1, wrong)


def test_a_container_without_mount_points_is_ill(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.efs_mounts.healthcheck"],
        env={**os.environ, "EFS_MOUNT_ROOT": str(tmp_path)},
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, f"{tmp_path} has no mount point\n")
