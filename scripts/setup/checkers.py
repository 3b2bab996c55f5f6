"""Linters that are no Python packages: tflint and actionlint, built by Go at a fixed version."""

import os
import shutil
from pathlib import Path

from scripts.setup.console import TOOLS, SetupError, answer, run, say, step

PINNED = {
    "tflint": "github.com/terraform-linters/tflint@v0.64.0",
    "actionlint": "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12",
}


def find(name: str) -> Path | None:
    """Return a linter from PATH, else from .tools, else None."""
    candidates = [shutil.which(name), str(TOOLS / "bin" / name)]
    working = (found for found in candidates if found and answer([found, "--version"]))
    return next(map(Path, working), None)


def ensure() -> None:
    """Have every linter, building those that are missing.

    Raises:
        SetupError: Go is missing, or a build failed.
    """
    for name, module in PINNED.items():
        say(f"{name} at {built(name, module)}")


def built(name: str, module: str) -> Path:
    """Return a program from PATH or .tools, built by Go at a fixed version where it is missing.

    Raises:
        SetupError: Go is missing, or the build failed.
    """
    if found := find(name):
        return found
    if answer(["go", "version"]) is None:
        raise SetupError(
            f"{name} is not in PATH and cannot be built without Go. Install {name}, or Go >= 1.24"
        )
    with step(f"building {name} with Go: 5 minutes the first time on 2 cores, then seconds"):
        # GOFLAGS of a person's shell (-mod=vendor and the like) would break a build by version.
        env = {**os.environ, "GOBIN": str(TOOLS / "bin"), "GOFLAGS": ""}
        # Go puts it there only when it is complete.
        run(["go", "install", module], env=env, quiet=True)
    return TOOLS / "bin" / name
