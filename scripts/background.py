"""Servers in the background, each known by the file it writes as soon as it answers."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

READY_SECONDS = 30
STOP_SECONDS = 10
_ROOT = Path(__file__).resolve().parents[1]


class NotStartedError(RuntimeError):
    """A server did not start; the message ends with its last words."""


def start(module: str, ready: Path, *arguments: str) -> dict[str, Any]:
    """Start `python -m module`, which outlives this process, and wait until it is ready.

    Args:
        module: what to run; its output goes to a log file beside `ready`.
        ready: absolute path of the JSON file, with its `pid`, that the server then writes.
        arguments: further arguments of the module.

    Returns:
        What the server wrote into `ready`.

    Raises:
        NotStartedError: it ended, or wasn't ready in time.
    """
    return start_program([sys.executable, "-m", module, *arguments], ready)


def start_program(
    command: Sequence[str], ready: Path, *, seconds: float = READY_SECONDS
) -> dict[str, Any]:
    """As `start`, for a server in another language.

    Args:
        command: program and arguments; one of them names the folder of `ready`.
        ready: as above.
        seconds: how long it may take.

    Raises:
        NotStartedError: it ended, or wasn't ready in time.
    """
    ready.parent.mkdir(parents=True, exist_ok=True)
    log = ready.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        said = _read(ready)
        if said.get("pid") == process.pid:
            return said
        time.sleep(0.02)
    process.kill()
    last_words = log.read_text(errors="replace")[-2000:]
    raise NotStartedError(f"{_told(command)} did not start in {ready.parent}:\n{last_words}")


def _told(command: Sequence[str]) -> str:
    """What a person calls it: the module, or else the program."""
    return command[2] if command[1] == "-m" else Path(command[0]).name


def is_running(ready: Path) -> bool:
    """Whether the server that wrote `ready` still runs."""
    return _server(ready) is not None


def said_by(ready: Path) -> dict[str, Any] | None:
    """What a server wrote into `ready`; None if it no longer runs."""
    return _read(ready) if is_running(ready) else None


def stop(ready: Path) -> None:
    """Stop the server that wrote `ready`, and all it started; no error if it is gone already."""
    server = _server(ready)
    ready.unlink(missing_ok=True)
    if server:
        with suppress(psutil.NoSuchProcess):
            _end([server, *server.children(recursive=True)])


@contextmanager
def running(module: str, ready: Path, *arguments: str) -> Iterator[dict[str, Any]]:
    """As `start`, and `stop` when the block ends."""
    said = start(module, ready, *arguments)
    try:
        yield said
    finally:
        stop(ready)


def _server(ready: Path) -> psutil.Process | None:
    """The process that wrote `ready`, and not another one that bears its number by now."""
    pid = _read(ready).get("pid")
    try:
        process = psutil.Process(pid) if pid else None
        ours = process and any(str(ready.parent) in part for part in process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return None
    return process if ours else None


def _read(ready: Path) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(ready.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return said


def _end(processes: list[psutil.Process]) -> None:
    processes[0].terminate()
    _, alive = psutil.wait_procs(processes, timeout=STOP_SECONDS)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=STOP_SECONDS)


def free_port() -> int:
    """A TCP port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
