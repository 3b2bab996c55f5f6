"""Servers that go on running after the command that started them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

READY_SECONDS = 30


def start(module: str, ready: Path, *arguments: str) -> dict[str, Any]:
    """Start `python -m module` in the background and wait until it has written `ready`.

    Args:
        module: what to run; its output goes to a log file beside `ready`.
        ready: JSON file that the server writes once it answers; its content is returned.
        arguments: further arguments of the module.

    Raises:
        RuntimeError: it ended or was not ready in time; the message ends with its last lines.
    """
    ready.parent.mkdir(parents=True, exist_ok=True)
    stop(ready)
    log = ready.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if ready.exists():
            content: dict[str, Any] = json.loads(ready.read_text())
            return content
        time.sleep(0.02)
    process.kill()
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
    raise RuntimeError(f"{module} did not start; the end of {log}:\n{tail}")


def stop(ready: Path) -> None:
    """Stop the server that wrote `ready`, and all it started; nothing happens if it is gone."""
    if not ready.exists():
        return
    try:
        server = psutil.Process(json.loads(ready.read_text())["pid"])
        if any(str(ready.parent) in part for part in server.cmdline()):
            _end([server, *server.children(recursive=True)])
    except (psutil.NoSuchProcess, ValueError, KeyError):
        pass  # ended by itself, or was killed while it wrote the file
    ready.unlink(missing_ok=True)


def _end(processes: list[psutil.Process]) -> None:
    processes[0].terminate()
    _, alive = psutil.wait_procs(processes, timeout=5)
    for process in alive:
        process.kill()
    psutil.wait_procs(alive, timeout=5)
