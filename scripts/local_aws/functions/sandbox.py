"""One execution environment: a process with the runtime client, fed by its own Runtime API."""

from __future__ import annotations

import contextlib
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scripts.local_aws.functions.code import unpack
from scripts.local_aws.functions.environment import variables
from scripts.local_aws.functions.function import Function
from scripts.local_aws.functions.outcome import Outcome, Reply, error_type, exited, timed_out
from scripts.local_aws.functions.runtime_api import Answer, Event, RuntimeApi
from scripts.local_aws.iam.sessions import Keys

START_UP_LIMIT = 10.0
"""Seconds a process may import before its time-out starts to count:
https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"""


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


class InterpreterMissingError(Exception):
    """The interpreter that functions run in has not been made."""


class Sandbox:
    """A process that handles one event at a time, again and again.

    Attributes:
        log_stream: Its log stream, as Lambda names them.
    """

    def __init__(self, function: Function, host: Host, keys: Keys) -> None:
        """Start the process; `invoke` waits until it is ready.

        Raises:
            InterpreterMissingError: There is nothing to run it with.
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
        self._process = self._start(host, keys, task, opt)
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def usable(self) -> bool:
        """Whether the process can take another event."""
        return self._usable and self._process.poll() is None

    def invoke(self, request_id: str, payload: bytes, arn: str) -> Outcome:
        """Let the process handle one event.

        Args:
            payload: JSON.
            arn: The ARN that was invoked, with its alias if there was one.
        """
        answer, start_up = self._wait_until_ready()
        began = time.monotonic()
        if answer is not None and answer.kind == "next":
            deadline = int((time.time() + self.function.timeout) * 1000)
            self._api.offer(Event(request_id, payload, deadline, arn))
            answer = self._await({"response", "error", "exit"}, self.function.timeout)
        duration = (time.monotonic() - began) * 1000
        reply = self._reply(answer, request_id)
        return Outcome(reply, self._printed() + reply.remark, duration, start_up)

    def stop(self) -> None:
        """Kill the process and everything it started, and remove its scratch space."""
        self._kill()
        self._process.wait()
        self._api.close()
        self._output.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _start(
        self, host: Host, keys: Keys, task: Path, opt: Path | None
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [host.python, "-m", "awslambdaric", self.function.handler],
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

    def _wait_until_ready(self) -> tuple[Answer | None, float | None]:
        if self._began is None:
            return Answer("next", b""), None
        limit = START_UP_LIMIT + self.function.timeout
        answer = self._await({"next", "init/error", "exit"}, limit)
        start_up = (time.monotonic() - self._began) * 1000
        self._began = None
        return answer, start_up

    def _await(self, kinds: set[str], seconds: float) -> Answer | None:
        until = time.monotonic() + seconds
        while True:
            try:
                answer = self._api.answers.get(timeout=max(0, until - time.monotonic()))
            except queue.Empty:
                return None
            if answer.kind in kinds:
                return answer

    def _reply(self, answer: Answer | None, request_id: str) -> Reply:
        """What Lambda tells the caller; a process that ended takes no more events."""
        self._usable = answer is not None and answer.kind in {"response", "error"}
        if answer is None:
            self._kill()
            return timed_out(request_id, self.function.timeout)
        if answer.kind == "exit":
            return exited(request_id, self._process.wait())
        if answer.kind == "response":
            return Reply(answer.body)
        return Reply(answer.body, error=error_type(answer.body))

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _printed(self) -> str:
        """What the process wrote since the last time; a file, so nobody waits for a pipe."""
        end = os.fstat(self._output.fileno()).st_size
        text = os.pread(self._output.fileno(), end - self._read, self._read)
        self._read = end
        return text.decode(errors="replace")
