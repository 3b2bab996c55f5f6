"""Runs the command in processes of their own, which can be killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.unit.archive.vault import Vault

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "scripts.archive.__main__",
        "scripts.archive.collect.command",
        "scripts.archive.restore.command",
    ]
)


def start(
    vault: Vault, *arguments: object, kill: tuple[str, int] | None = None
) -> multiprocessing.process.BaseProcess:
    """Start the command.

    Args:
        kill: a function, as `module:name`, and how many calls of it return before the process
            kills itself.
    """
    words = [str(argument) for argument in arguments]
    process = _CONTEXT.Process(target=_run, args=(vault.environ, vault.folder, words, kill))
    process.start()
    return process


def run(vault: Vault, *arguments: object, kill: tuple[str, int] | None = None) -> int | None:
    """Run the command to its end; its exit code, negative if it was killed."""
    process = start(vault, *arguments, kill=kill)
    process.join(120)
    return process.exitcode


def _run(
    environ: dict[str, str], folder: Path, words: list[str], kill: tuple[str, int] | None
) -> None:
    from scripts.archive.__main__ import app  # noqa: PLC0415 - not in the test's process

    os.environ.update(environ)
    os.chdir(folder)
    with Path("output.txt").open("a") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
    if kill:
        _arm(*kill)
    raise SystemExit(app(words, standalone_mode=False))


def _arm(function: str, calls: int) -> None:
    place, _, name = function.partition(":")
    *path, name = name.split(".")
    owner: Any = import_module(place)
    for each in path:
        owner = getattr(owner, each)
    setattr(owner, name, _killing(getattr(owner, name), calls))


def _killing(function: Callable[..., Any], calls: int) -> Callable[..., Any]:
    left = iter(range(calls - 1))

    def call(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return call
