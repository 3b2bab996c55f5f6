"""The executions of every task: one runs, the others wait for their turn."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from scripts.local_aws.transfers.execution import ENDED, Execution, Status, TransferError

_log = logging.getLogger(__name__)

Work = Callable[[Execution], None]


class Queue:
    """The executions of every task."""

    def __init__(self, work: Work) -> None:
        """Say what is done with an execution; it ends in SUCCESS or ERROR, and raises nothing."""
        self._work = work
        self._executions: dict[str, Execution] = {}
        self._waiting: dict[str, deque[Execution]] = {}
        self._running: dict[str, Execution] = {}
        self._changing = threading.Lock()

    def add(self, task: str, execution: Execution) -> None:
        """Start an execution, at once or after those that came earlier."""
        with self._changing:
            self._executions[execution.arn] = execution
            self._waiting.setdefault(task, deque()).append(execution)
            self._start_next(task)

    def get(self, arn: str) -> Execution | None:
        """An execution, also one that has ended."""
        return self._executions.get(arn)

    def of(self, task: str) -> list[Execution]:
        """Every execution of a task."""
        return [each for arn, each in list(self._executions.items()) if arn.startswith(f"{task}/")]

    def running(self, task: str) -> Execution | None:
        """The execution of a task that runs now."""
        return self._running.get(task)

    def cancel(self, execution: Execution) -> bool:
        """Let an execution end, in its own time if it runs; False if it has ended."""
        with self._changing:
            if execution.status in ENDED:
                return False
            execution.cancelled.set()
            for waiting in self._waiting.values():
                if execution in waiting:
                    waiting.remove(execution)
                    execution.fail(
                        TransferError("TaskExecutionCancelled", "The execution was cancelled")
                    )
            return True

    def _start_next(self, task: str) -> None:
        waiting = self._waiting[task]
        if task in self._running or not waiting:
            return
        self._running[task] = waiting.popleft()
        self._running[task].enter(Status.LAUNCHING)
        arguments: Any = (task, self._running[task])
        threading.Thread(target=self._run, args=arguments, daemon=True).start()

    def _run(self, task: str, execution: Execution) -> None:
        try:
            self._work(execution)
        except Exception as error:  # noqa: BLE001  # nobody else is there to be told
            _log.exception("%s crashed in the local AWS", execution.arn)
            execution.fail(TransferError("InternalError", repr(error)))
        finally:
            with self._changing:
                del self._running[task]
                self._start_next(task)
