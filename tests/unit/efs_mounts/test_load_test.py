"""The load test shows what it did, and leaves nothing behind."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.efs_mounts import Router, load_test

ROOT = Path(__file__).parents[3]


@pytest.fixture
def mounts(tmp_path: Path) -> list[str]:
    """Three ways to one folder."""
    (tmp_path / "fs").mkdir()
    for number in range(3):
        (tmp_path / f"efs-{number}").symlink_to(tmp_path / "fs")
    return [str(tmp_path / f"efs-{number}") for number in range(3)]


def test_the_report_has_every_mount_and_every_file(mounts: list[str], tmp_path: Path) -> None:
    report = list(load_test.run(Router(mounts), load_test.Load(files=300, size=10, threads=4)))
    for action in ("write", "read"):
        rows = [line.split() for line in report if f" {action} " in line]
        assert [row[0] for row in rows] == mounts
        assert sum(int(row[2]) for row in rows) == 300
    assert re.fullmatch(r"write: [\d,]+ files/s, [\d.,]+ MB/s", report[-2])
    assert not any((tmp_path / "fs").iterdir())


def test_a_mount_that_can_t_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "efs-0").touch()
    done = subprocess.run(
        [sys.executable, "-m", "scripts.efs_mounts.load_test", "--files", "1"],
        env={"EFS_MOUNTS": f"{tmp_path}/efs-0", "PYTHONPATH": str(ROOT)},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Not a directory" in done.stderr


def test_it_runs_as_a_command(mounts: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.efs_mounts.load_test", "--files", "1", "--rendezvous"],
        env={"EFS_MOUNTS": ":".join(mounts), "PYTHONPATH": str(ROOT)},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout.startswith("1 files of 4,096 bytes, 16 at a time\n")


def test_without_mounts_it_says_what_is_missing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.efs_mounts.load_test"],
        env={"EFS_MOUNT_ROOT": str(tmp_path), "PYTHONPATH": str(ROOT)},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "EFS_MOUNTS is empty or not set" in done.stderr
