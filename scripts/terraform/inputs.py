"""What a plan is made from, as fingerprints that tell when it has changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scripts import files, package
from scripts.environments import Environment
from scripts.terraform.stack import Stack


def fingerprint(stack: Stack) -> str:
    """Return one SHA-256 of all a plan is made from, except the state."""
    return _fingerprint(stack, [*_code(stack), *_zips(stack), *stack.settings()])


def code_fingerprint(stack: Stack) -> str:
    """Return one SHA-256 of what an initialisation depends on."""
    return _fingerprint(stack, [*_code(stack), stack.backend])


def _code(stack: Stack) -> list[Path]:
    """Return every file of the stack and of the modules, whatever code may read it."""
    modules = stack.root / "terraform" / "modules"
    unread = {".terraform", "tests", "examples"}
    return sorted(
        path
        for folder in (stack.folder, modules)
        for path in folder.rglob("*")
        if not unread & {*path.relative_to(folder).parts}
        and path.suffix != ".md"
        # Only a stack's lock counts; `make check` leaves one in each module.
        and (folder == stack.folder or path.name != ".terraform.lock.hcl")
    )


def _zips(stack: Stack) -> list[Path]:
    """Return the zips that were built for the stack."""
    platform = "local" if stack.env is Environment.LOCAL else "aws"
    built = {path.stem: path for path in (stack.root / "build" / platform).glob("*.zip")}
    return [built[name] for name in package.parts(stack.name, sorted(built))]


def _fingerprint(stack: Stack, paths: Sequence[Path]) -> str:
    """Return one SHA-256 of files, by place and content; those that don't exist don't count."""
    inputs: list[str | bytes] = []
    for path in filter(Path.is_file, paths):
        inside = path.is_relative_to(stack.root)
        inputs += [str(path.relative_to(stack.root)) if inside else path.name, path.read_bytes()]
    return files.fingerprint(*inputs)
