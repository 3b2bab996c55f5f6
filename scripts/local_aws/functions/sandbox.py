"""One execution environment: a process with the runtime client, fed by its own Runtime API."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scripts.local_aws.functions.code import unpack
from scripts.local_aws.functions.environment import variables
from scripts.local_aws.functions.function import Function
from scripts.local_aws.functions.namespace import Mount
from scripts.local_aws.functions.outcome import Outcome, Reply, error_type, exited, timed_out
from scripts.local_aws.functions.runtime_api import Answer, Event, RuntimeApi
from scripts.local_aws.iam.sessions import Keys

START_UP_LIMIT = 10.0
"""Seconds a process may import before its time-out starts to count:
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"""


_LISTENING_PERIOD = 1.0  # seconds


@dataclass(frozen=True)
class Host:
    """What every process on this machine shares.

    Attributes:
        python: Interpreter with boto3 and awslambdaric and nothing else.
        endpoint: URL of the local AWS.
        cache: Folder that keeps unpacked code and compiled bytecode from run to run.
        scratch: Folder with one folder for each living process.
    """

    python: Path
    endpoint: str
    cache: Path
    scratch: Path

    @property
    def folders(self) -> list[Path]:
        """Where all that a process reads or writes is."""
        return [self.python, self.python.resolve(), self.cache, self.scratch]


class InterpreterMissingError(Exception):
    """The interpreter that functions run in has not been made."""


class Sandbox:
    """A process that handles one event at a time, again and again.

    Attributes:
        log_stream: Its log stream, as Lambda names them.
    """

    def __init__(self, function: Function, host: Host, keys: Keys, mount: Mount | None) -> None:
        """Start the process; `invoke` waits until it is ready.

        Args:
            mount: What it sees besides the files of this machine.

        Raises:
            InterpreterMissingError: There is nothing to run it with.
            NamespaceError: The machine can't show it the mount.
            zipfile.BadZipFile: The code or a layer isn't a zip.
        """
        if not host.python.exists():
            raise InterpreterMissingError(
                f"functions run in {host.python}, which is missing: "
                "run `make setup`, or set LOCAL_LAMBDA_PYTHON"
            )
        task = unpack(host.cache / "code", [function.code])
        opt = unpack(host.cache / "code", function.layers) if function.layers else None
        self.function = function
        self.log_stream = f"{datetime.now(UTC):%Y/%m/%d}/[{function.version}]{uuid.uuid4().hex}"
        self._api = RuntimeApi()
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  # lives as long as the process
        self._read = 0
        self._scratch = Path(tempfile.mkdtemp(dir=host.scratch))
        self._usable = True
        self._began: float | None = time.monotonic()
        self._process = self._start(host, keys, task, opt, mount)
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def usable(self) -> bool:
        """Whether the process can take another event."""
        return self._usable and self._process.poll() is None

    def invoke(self, event: Event, say: Callable[[str], None]) -> Outcome:
        """Let the process handle one event.

        Args:
            say: Gets the lines it prints, about once a second.
        """
        answer, start_up = self._wait_until_ready(say)
        began = time.monotonic()
        if answer is not None and answer.kind == "next":
            self._api.offer(event, deadline=time.time() + self.function.timeout)
            answer = self._await({"response", "error", "exit"}, self.function.timeout, say)
        duration = (time.monotonic() - began) * 1000
        reply = self._reply(answer, event.request_id)
        say(self._rest() + reply.remark)
        return Outcome(reply, duration, start_up, self._peak_memory())

    def kill(self) -> None:
        """Kill the process and everything it started; an invocation in it ends at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Kill the process, and remove its scratch space."""
        self.kill()
        self._api.close()
        self._output.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _start(
        self, host: Host, keys: Keys, task: Path, opt: Path | None, mount: Mount | None
    ) -> subprocess.Popen[bytes]:
        command: list[str | Path] = [host.python, "-m", "awslambdaric", self.function.handler]
        if mount:
            command = mount.around(command, needed=host.folders)
        return subprocess.Popen(
            command,
            cwd=task,
            env=variables(
                self.function,
                task=task,
                opt=opt,
                scratch=self._scratch,
                bytecode=host.cache / "bytecode",
                runtime_api=self._api.address,
                endpoint=host.endpoint,
                log_stream=self.log_stream,
                keys=keys,
            ),
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _watch(self) -> None:
        self._process.wait()
        self._api.answers.put(Answer("exit", b""))

    def _wait_until_ready(self, say: Callable[[str], None]) -> tuple[Answer | None, float | None]:
        if self._began is None:
            return Answer("next", b""), None
        limit = START_UP_LIMIT + self.function.timeout
        answer = self._await({"next", "init/error", "exit"}, limit, say)
        start_up = (time.monotonic() - self._began) * 1000
        self._began = None
        return answer, start_up

    def _await(self, kinds: set[str], seconds: float, say: Callable[[str], None]) -> Answer | None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                answer = self._api.answers.get(timeout=min(left, _LISTENING_PERIOD))
                if answer.kind in kinds:
                    return answer
            say(self._printed())
        return None

    def _reply(self, answer: Answer | None, request_id: str) -> Reply:
        """What Lambda tells the caller; a process that ended takes no more events."""
        self._usable = answer is not None and answer.kind in {"response", "error"}
        if answer is None:
            self.kill()
            return timed_out(request_id, self.function.timeout)
        if answer.kind == "exit":
            return exited(request_id, self._process.wait())
        if answer.kind == "response":
            return Reply(answer.body)
        return Reply(answer.body, error=error_type(answer.body))

    def _printed(self) -> str:
        """The lines that the process wrote since the last time; from a file nobody waits for."""
        end = os.fstat(self._output.fileno()).st_size
        written = os.pread(self._output.fileno(), end - self._read, self._read)
        lines = written[: written.rfind(b"\n") + 1]
        self._read += len(lines)
        return lines.decode(errors="replace")

    def _rest(self) -> str:
        """What the process wrote last, as a line even if it didn't end it."""
        lines = self._printed()
        end = os.fstat(self._output.fileno()).st_size
        unfinished = os.pread(self._output.fileno(), end - self._read, self._read)
        self._read = end
        return lines + (unfinished.decode(errors="replace") + "\n" if unfinished else "")

    def _peak_memory(self) -> int | None:
        """Peak memory of the process in MB, where the system tells it."""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text()
        except OSError:
            return None
        peak = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
        return int(peak[1]) // 1024 if peak else None
