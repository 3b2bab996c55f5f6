"""The first script of all: it must find a Python that works, or say what to install."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.unit.setup.programs import program

RUN = Path(__file__).resolve().parents[3] / "scripts" / "setup" / "run"


def run(path: Path) -> subprocess.CompletedProcess[str]:
    for tool in ("sh", "dirname", "cat"):
        found = shutil.which(tool)
        assert found
        (path / tool).symlink_to(found)
    return subprocess.run(
        [RUN, "--help"], env={"PATH": str(path)}, check=False, capture_output=True, text=True
    )


def test_a_launcher_that_only_fails_is_passed_over(tmp_path: Path) -> None:
    program(tmp_path, "python3.13", "echo 'python3.13: command not found' >&2", "exit 127")
    program(tmp_path, "python3.11", f'exec {sys.executable} "$@"')

    done = run(tmp_path)

    assert done.returncode == 0
    assert "lambda-runtime" in done.stdout
    assert done.stderr == ""


def test_without_a_python_it_says_what_to_install(tmp_path: Path) -> None:
    program(tmp_path, "python3", "exit 1")

    done = run(tmp_path)

    assert done.returncode == 1
    assert "no working Python 3.11 to 3.14 in PATH" in done.stderr
    assert "apt install python3" in done.stderr
