"""The process that reads files, as the function that gives it files sees it.

A file may take all memory, all time, or the process with it: each is an answer about that file,
and the next file is read by a new process. The process has no credentials.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from batchworks.errors import JobError
from nas_sync.extraction import child
from nas_sync.extraction.answers import Answer, refusal
from nas_sync.messages import shortened

_START_SECONDS = 60  # a cold start unpacks and loads up to 100 MB of libraries
_BLOCK = 64 * 1024
_TAIL = 4096  # bytes of what a process said last
_TOLD = 300  # characters of its last line
# What Rust, C++, Python and the C library say before they die of it.
_MEMORY_SIGNS = (b"memory allocation of", b"bad_alloc", b"MemoryError", b"annot allocate memory")


class WorkerError(JobError):
    """The process that reads files can't be started: no file is to blame."""


class _TooLongError(Exception):
    pass


class _DeadError(Exception):
    pass


@dataclass
class _Process:
    popen: subprocess.Popen[bytes]
    requests: IO[bytes]
    answers: IO[bytes]
    errors: IO[bytes]
    folder: Path  # its working and temporary folder
    peak_at_start: int = sys.maxsize  # KiB, once it is ready; Linux counts in who forked it


class Worker:
    """A process that reads files, one after the other.

    It is started for the first file and kept until a file ends it. Use it from one thread, which
    lives as long as it: Linux kills the process when that thread ends.
    """

    def __init__(self, module: str, options: Mapping[str, Any], memory_mb: int) -> None:
        """Nothing is started yet.

        Args:
            module: the extractor's; it has a function `start(options) -> Extract`.
            options: what it is told; JSON.
            memory_mb: MiB of address space that the process may take.
        """
        self._module = module
        self._options = options
        self._memory_mb = memory_mb
        self._process: _Process | None = None

    def read(self, path: Path, name: str, seconds: float) -> Answer:
        """Read a file.

        Args:
            path: where it lies.
            name: the one it has on the NAS.
            seconds: how long that may take, the process's start not counted.

        Returns:
            What it says, or why it can't be had: also timeout, out_of_memory or crashed.

        Raises:
            WorkerError: the process can't be started.
        """
        process = self.start()
        try:
            answer: Answer = self._exchange(
                process, {"path": str(path.absolute()), "name": name}, seconds
            )
        except _TooLongError:
            self.close()
            return refusal("timeout", f"not read within {seconds:.0f} seconds")
        except _DeadError:
            reason, detail = self._obituary(process)
            return refusal(reason, detail)
        return answer

    def start(self) -> _Process:
        """Start the process unless there is one.

        Raises:
            WorkerError: it can't be started.
        """
        if self._process and self._process.popen.poll() is None:
            return self._process
        self.close()
        process = self._process = self._launch()
        try:
            ready = self._exchange(process, self._options, _START_SECONDS)
            process.peak_at_start = ready["peak"]
        except _TooLongError:
            self.close()
            raise WorkerError(
                f"the worker of {self._module} was not ready within {_START_SECONDS} seconds: "
                "give the function more memory, with which it gets more CPU"
            ) from None
        except _DeadError:
            reason, detail = self._obituary(process)
            raise WorkerError(
                f"the worker of {self._module} can't start ({reason}: {detail}): check the "
                "function's layers, and EXTRACTION_MEMORY_MB"
            ) from None
        return process

    def close(self) -> None:
        """End the process, if there is one."""
        if (process := self._process) is None:
            return
        self._process = None
        if process.popen.returncode is None:
            process.popen.kill()
            process.popen.wait()
        for stream in (process.requests, process.answers, process.errors):
            with contextlib.suppress(OSError):  # a request that nobody took
                stream.close()
        shutil.rmtree(process.folder, ignore_errors=True)

    def _launch(self) -> _Process:
        folder = Path(tempfile.mkdtemp(prefix="nas-sync-worker-"))
        errors = (folder / "stderr").open("a+b")
        popen = subprocess.Popen(
            [
                *(sys.executable, "-P", "-m", child.__name__),
                *(self._module, f"{self._memory_mb}", f"{os.getpid()}"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
            env=_environment(folder),
        )
        assert popen.stdin  # noqa: S101 - for the type checker
        assert popen.stdout  # noqa: S101
        return _Process(popen, popen.stdin, popen.stdout, errors, folder)

    def _exchange(self, process: _Process, request: object, seconds: float) -> Any:
        deadline = time.monotonic() + seconds
        process.errors.truncate(0)
        try:
            process.requests.write(json.dumps(request).encode() + b"\n")
            process.requests.flush()
        except BrokenPipeError:
            raise _DeadError from None
        return json.loads(_line(process.answers.fileno(), deadline))

    def _obituary(self, process: _Process) -> tuple[str, str]:
        """Why a process died: a reason code, and a sentence."""
        _, status, usage = os.wait4(process.popen.pid, 0)
        code = process.popen.returncode = os.waitstatus_to_exitcode(status)
        process.errors.seek(0, os.SEEK_END)
        process.errors.seek(max(process.errors.tell() - _TAIL, 0))
        said = process.errors.read()
        self.close()
        peak = usage.ru_maxrss if usage.ru_maxrss > process.peak_at_start else 0  # KiB
        told = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
        if _is_out_of_memory(code, said, peak / (self._memory_mb * 1024)):
            limit = self._memory_mb
            return "out_of_memory", f"more than {limit} MiB of memory were needed ({told})"
        last = shortened(said.decode(errors="replace").strip().rpartition("\n")[2], _TOLD)
        return "crashed", f"{told}: {last}" if last else told


def _is_out_of_memory(code: int, said: bytes, share: float) -> bool:
    """Whether a process died for want of memory.

    Args:
        code: its exit code, negative for a signal.
        said: what it said last.
        share: of the memory that it was allowed, how much it held at most.
    """
    return (
        code in {child.OUT_OF_MEMORY, -signal.SIGKILL}  # the kernel's way, we don't kill here
        or any(sign in said for sign in _MEMORY_SIGNS)
        or (code < 0 and share > 0.8)
    )


def _line(answers: int, deadline: float) -> bytes:
    """The next line of a pipe."""
    line = b""
    while not line.endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([answers], [], [], left)[0]:
            raise _TooLongError
        if not (block := os.read(answers, _BLOCK)):
            raise _DeadError
        line += block
    return line


def _environment(folder: Path) -> dict[str, str]:
    """This process's variables without what AWS's libraries read: credentials above all."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    roots = os.pathsep.join(str(Path(root).absolute()) for root in sys.path)
    return kept | {
        "PYTHONPATH": roots,
        "TMPDIR": str(folder),
        "HOME": str(folder),
        "MALLOC_ARENA_MAX": "2",  # each arena takes 64 MiB of address space
    }
