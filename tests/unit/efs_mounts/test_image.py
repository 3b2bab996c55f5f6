"""What the Dockerfile promises. It is read here, never built: that needs Docker."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "scripts" / "efs_mounts"


def instructions(name: str) -> list[str]:
    """Arguments of all instructions of that name, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (FOLDER / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [line.removeprefix(f"{name} ") for line in lines if line.startswith(f"{name} ")]


def test_the_base_is_a_release_and_no_moving_tag() -> None:
    (base,) = instructions("FROM")
    assert re.fullmatch(r"public\.ecr\.aws/amazonlinux/amazonlinux:2023\.\d+\.\d{8}\.\d+", base)


def test_what_pip_installs_is_locked_with_hashes() -> None:
    (install,) = [line for line in instructions("RUN") if "pip install" in line]
    assert "--require-hashes --requirement /opt/efs-mounts/efs-mounts.txt" in install
    assert "requirements/efs-mounts.txt /opt/efs-mounts/" in instructions("COPY")


def test_all_that_is_copied_is_there() -> None:
    for line in instructions("COPY"):
        *sources, _ = line.split()
        assert all([*ROOT.glob(source)] for source in sources)


def test_it_does_not_run_as_root_unless_it_is_told_to() -> None:
    (user,) = instructions("USER")
    (made,) = [line for line in instructions("RUN") if "useradd" in line]
    assert f"--uid {user} " in made
    assert f"APP_USER={shlex.split(made)[-1]}" in instructions("ENV")[0]


def test_signals_reach_the_entry_point_without_a_shell_between() -> None:
    (entry,) = map(json.loads, instructions("ENTRYPOINT"))
    assert entry == ["python", "-m", "efs_mounts", "--"]


def test_its_health_check_asks_the_mounts() -> None:
    (check,) = instructions("HEALTHCHECK")
    asked = json.loads(check.partition("CMD ")[2])
    assert asked == ["python", "-m", "efs_mounts.healthcheck"]


@pytest.mark.parametrize("module", ["efs_mounts", "efs_mounts.healthcheck", "efs_mounts.load_test"])
def test_the_package_works_by_its_short_name_without_the_rest_of_the_repository(
    tmp_path: Path, module: str
) -> None:
    package = tmp_path / "efs_mounts"
    package.mkdir()
    for file in FOLDER.glob("*.py"):
        (package / file.name).write_bytes(file.read_bytes())
    done = subprocess.run(
        [sys.executable, "-m", module], cwd=tmp_path, check=False, capture_output=True, text=True,
        env={"EFS_MOUNT_ROOT": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr


def test_the_router_needs_nothing_but_python() -> None:
    code = "import sys; from scripts.efs_mounts import Router; print('boto3' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert done.stdout == "False\n"
