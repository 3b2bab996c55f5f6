"""Third-party packages of a layer: installed for the platform where they run, and pruned."""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from uv import find_uv_bin

# Differs between machines or runs, and nothing in Lambda reads it.
_INSTALLER_TRACES = (
    "bin",
    "*.dist-info/RECORD",
    "*.dist-info/INSTALLER",
    "*.dist-info/REQUESTED",
    "*.dist-info/direct_url.json",
    "*.dist-info/uv_cache.json",
)

_LAMBDA = ("--python-platform", "aarch64-manylinux_2_28", "--python-version", "3.13")


class InstallError(Exception):
    """Packages cannot be had; the message ends with what the tool said."""


def install(source: Path, folder: Path, *, here: bool) -> None:
    """Install what a layer's lock names into a folder, without what its prune.txt lists.

    Args:
        source: has the requirements.txt, and may have a prune.txt.
        folder: takes the packages.
        here: for this host and Python; else for Lambda: Python 3.13 on arm64.

    Raises:
        InstallError: a package can't be had, or isn't the one that is locked.
    """
    lock = source / "requirements.txt"
    target = ("--python", sys.executable) if here else _LAMBDA
    command: list[str | Path] = [
        find_uv_bin(), "pip", "install", "--quiet", "--system-certs", "--no-deps",
        "--require-hashes", "--only-binary", ":all:", "--link-mode", "copy", *target,
        "--target", folder, "-r", lock,
    ]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise InstallError(f"cannot install {lock}. uv says:\n{done.stderr}")
    prune(folder, _INSTALLER_TRACES)
    pruned = source / "prune.txt"
    if pruned.is_file():
        prune(folder, pruned.read_text().splitlines())


def prune(folder: Path, lines: Iterable[str]) -> None:
    """Delete below `folder` what the globs in `lines` match; `!glob` keeps files from that.

    Empty lines and those that begin with `#` say why and do nothing.
    """
    globs = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    kept = {path for glob in globs if glob.startswith("!") for path in folder.glob(glob[1:])}
    for glob in globs:
        for path in [] if glob.startswith("!") else list(folder.glob(glob)):
            if path in kept or not path.exists():
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
