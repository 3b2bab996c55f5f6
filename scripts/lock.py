"""Brings the lock files in line with what they lock: `python -m scripts.lock [--upgrade]`.

Python: what pyproject.toml and each `requirements.in` ask for, with the hashes of every platform
and without the address of an index. Terraform: the providers of every stack, with the hashes of
every platform people use; Terraform asks the registry for those, never a mirror. So this needs
internet.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from uv import find_uv_bin

from scripts.files import ROOT
from scripts.setup import providers
from scripts.setup import terraform as program
from scripts.setup.console import SetupError

PLATFORMS = ("linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64", "windows_amd64")


class LockError(Exception):
    """A lock could not be made; the message names it."""


def python_locks(root: Path = ROOT) -> dict[Path, Sequence[str]]:
    """Return every Python lock, with the source that uv compiles it from as arguments."""
    sources = [*root.glob("requirements/*.in"), *root.glob("layers/*/requirements.in")]
    project = str(root / "pyproject.toml")
    ours = root / "requirements" / "dev.txt"
    # Layers and hosts hold the versions that the tests ran with.
    constraints = ["--constraints", str(ours)]
    tested = {"layers": constraints}
    return {
        ours: [project, "--group", "dev"],
        root / "requirements" / "archive.txt": [project, *constraints],
        **{
            source.with_suffix(".txt"): [str(source), *tested.get(source.parts[-3], [])]
            for source in sorted(sources)
        },
    }


def terraform_roots(root: Path = ROOT) -> list[Path]:
    """Return the folders whose providers are locked: every stack, and the bootstrap."""
    folders = [*(root / "terraform" / "stacks").glob("*/"), root / "terraform" / "bootstrap"]
    return sorted(folder for folder in folders if any(folder.glob("*.tf")))


def lock_python(target: Path, source: Sequence[str], *, upgrade: bool) -> None:
    """Compile one lock for all platforms and every Python from 3.11 on."""
    _run(
        target,
        [
            find_uv_bin(), "pip", "compile", "--quiet", "--system-certs", *source,
            "--universal", "--python-version", "3.11", "--generate-hashes",
            "--no-emit-index-url", "--custom-compile-command", "make lock",
            *(["--upgrade"] if upgrade else []), "--output-file", str(target),
        ],
    )  # fmt: skip
    _done(target)


def lock_terraform(folder: Path, *, upgrade: bool) -> None:
    """Lock the providers of one folder for all platforms."""
    in_folder = [str(program.require()), f"-chdir={folder}"]
    lock = folder / ".terraform.lock.hcl"
    if upgrade:
        lock.unlink(missing_ok=True)
    platforms = [f"-platform={platform}" for platform in PLATFORMS]
    with tempfile.TemporaryDirectory() as data:
        _run(lock, [*in_folder, "get", "-no-color"], data)
        _run(lock, [*in_folder, "providers", "lock", "-no-color", *platforms], data)
    _done(lock)


def _run(lock: Path, command: Sequence[str], data: str = "") -> None:
    env = {**providers.environment(os.environ), "TF_DATA_DIR": data}
    done = subprocess.run(command, env=env, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise LockError(
            f"{lock.relative_to(ROOT)} stays as it is (does this machine have internet?):\n"
            f"{done.stderr or done.stdout}"
        )


def _done(lock: Path) -> None:
    print(f"lock: {lock.relative_to(ROOT)}", flush=True)


def main(
    *, upgrade: Annotated[bool, typer.Option(help="Take the newest versions allowed.")] = False
) -> None:
    """Renew every lock; one that fails doesn't keep the others from being renewed."""
    failed = False
    work = [
        *(partial(lock_python, *lock) for lock in python_locks(ROOT).items()),
        *(partial(lock_terraform, folder) for folder in terraform_roots(ROOT)),
    ]
    for lock in work:
        try:
            lock(upgrade=upgrade)
        except (LockError, SetupError) as error:
            print(f"lock: {error}", file=sys.stderr)
            failed = True
    if failed:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
