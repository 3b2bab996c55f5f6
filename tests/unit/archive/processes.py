"""Runs the command in processes that can be killed: forked, with everything imported already."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import count
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from pkgutil import resolve_name
from threading import Timer
from typing import Any
from unittest import mock

_FORKS = multiprocessing.get_context("forkserver")
_COMMANDS = [f"scripts.archive.{name}.command" for name in ("put", "restore", "collect")]
_FORKS.set_forkserver_preload([__name__, "scripts.archive.__main__", *_COMMANDS])


@dataclass(frozen=True)
class Moment:
    """When a process kills itself: before or after call number `nth` of a function.

    Args:
        seconds: that it lives on meanwhile, doing what it does.
    """

    function: str
    nth: int
    after: bool = False
    seconds: float = 0.0


def start(
    arguments: list[str], environ: Mapping[str, str], log: Path, moment: Moment | None = None
) -> ForkServerProcess:
    """Begin a command in the log's folder; what it says is added to the log."""
    _serve_forks()
    process = _FORKS.Process(target=_run, args=(arguments, dict(environ), log, moment))
    process.start()
    return process


def _serve_forks() -> None:
    """Start the server of forks.

    It looks for modules in PYTHONPATH alone, and forks without those that it misses.
    """
    with mock.patch.dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)):
        forkserver.ensure_running()


def _run(arguments: list[str], environ: dict[str, str], log: Path, moment: Moment | None) -> None:
    from scripts.archive.__main__ import app  # noqa: PLC0415 - imported by the server of forks

    os.environ.clear()
    os.environ.update(environ)
    os.chdir(log.parent)
    file = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(file, stream.fileno())
    with _armed(moment) if moment else nullcontext():
        app(arguments)


def _armed(moment: Moment) -> Any:
    """The function so that it kills this process."""
    calls = count(1)
    original = resolve_name(moment.function)

    def call(*arguments: Any, **options: Any) -> Any:
        number = next(calls)
        if number == moment.nth and not moment.after:
            _die(moment.seconds)
        result = original(*arguments, **options)
        if number == moment.nth and moment.after:
            _die(moment.seconds)
        return result

    return mock.patch(moment.function, call)


def _die(seconds: float) -> None:
    if seconds:
        Timer(seconds, _die, (0,)).start()
    else:
        os.kill(os.getpid(), signal.SIGKILL)
