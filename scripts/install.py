"""Installs the operator's command `archive` for this user: `python -m scripts.install`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from uv import find_uv_bin

from scripts.files import ROOT

COMMAND = "archive"


def install(root: Path = ROOT) -> Path:
    """Install the project as a tool of its own, with the versions that are locked.

    Returns:
        The installed command.

    Raises:
        CalledProcessError: uv could not install it, and has said why.
    """
    uv = [find_uv_bin(), "tool"]
    environment = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run(
        [
            *uv, "install", "--quiet", "--reinstall-package", "batchworks",
            "--constraints", root / "requirements" / "archive.txt",
            "--python", sys.executable, root,
        ],
        env=environment, check=True,
    )  # fmt: skip
    folder = subprocess.run(
        [*uv, "dir", "--bin"], env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()
    return Path(folder) / COMMAND


def main() -> int:
    """Install the command and tell where it is."""
    try:
        installed = install()
    except subprocess.CalledProcessError as error:
        print(f"install: uv ended with {error.returncode}, see above", file=sys.stderr)
        return 1
    print(f"install: {installed}")
    if shutil.which(COMMAND) != str(installed):
        print(f"install: `{COMMAND}` alone needs {installed.parent} in PATH: uv tool update-shell")
    return 0


if __name__ == "__main__":
    sys.exit(main())
