"""The Lambda service of this process: one executor, one queue of events."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from scripts.local_aws.file_systems import FILE_SYSTEMS
from scripts.local_aws.functions.asynchronous import AsyncQueue
from scripts.local_aws.functions.invocations import Executor
from scripts.local_aws.functions.sandbox import Host

_LOCAL = Path(__file__).parents[3] / ".local"
_PYTHON = _LOCAL / "lambda-runtime" / "bin" / "python"
_CACHE = _LOCAL / "lambda-cache"


@dataclass(frozen=True)
class Service:
    """What runs functions.

    Attributes:
        executor: For callers that wait.
        queue: For callers that don't.
    """

    executor: Executor
    queue: AsyncQueue

    def stop(self) -> None:
        """Stop every function process and forget every event."""
        self.queue.stop()
        self.executor.pool.stop()


_running: list[Service] = []


def start(home: Path, endpoint: str, retry_delays: tuple[float, float]) -> Service:
    """Make the service of this process.

    Functions run in the interpreter LOCAL_LAMBDA_PYTHON names, by default the one that the
    project's set-up makes.

    Args:
        home: Absolute path of the folder for scratch space and file systems.
        endpoint: URL of the local AWS.
        retry_delays: Seconds before the first and before the second asynchronous retry.
    """
    python = Path(os.environ.get("LOCAL_LAMBDA_PYTHON", _PYTHON))
    scratch = home / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)  # what a killed predecessor left
    scratch.mkdir(parents=True)
    FILE_SYSTEMS.start(home)
    executor = Executor(Host(python, endpoint, _CACHE, scratch))
    service = Service(executor, AsyncQueue(executor, retry_delays))
    _running.append(service)
    return service


def current() -> Service:
    """The service of this process, for extensions of moto, which can't be passed it."""
    return _running[-1]
