"""Warm processes: one per concurrent execution, reused while nothing about them changed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scripts.local_aws.functions.function import Function
from scripts.local_aws.functions.sandbox import Sandbox

LIMIT = 32
"""Processes at once on this machine; who needs one more waits until one is free."""


class StoppedError(Exception):
    """No process is lent any more."""


class Pool:
    """Owns every function process and lends each to one invocation at a time."""

    def __init__(self, start: Callable[[Function], Sandbox]) -> None:
        self._start = start
        self._idle: list[Sandbox] = []  # the one used last is at the end
        self._busy: set[Sandbox] = set()
        self._starting = 0
        self._stopped = False
        self._changed = threading.Condition()

    @contextmanager
    def sandbox(self, function: Function) -> Iterator[Sandbox]:
        """Lend a process of this very version and settings: a warm one if there is one.

        Raises:
            InterpreterMissingError: There is nothing to run it with.
            StoppedError: The local AWS ends.
            zipfile.BadZipFile: Its code isn't a zip.
        """
        sandbox = self._warm(function) or self._cold(function)
        try:
            yield sandbox
        finally:
            self._give_back(sandbox)

    def retire(self, name: str) -> None:
        """Stop the idle processes of a function that changed or is gone."""
        with self._changed:
            for sandbox in [each for each in self._idle if each.function.name == name]:
                self._idle.remove(sandbox)
                sandbox.stop()

    def stop(self) -> None:
        """Stop every process, also in the middle of an invocation."""
        with self._changed:
            self._stopped = True
            for sandbox in self._busy:
                sandbox.kill()
            for sandbox in self._idle:
                sandbox.stop()
            self._idle.clear()

    def _warm(self, function: Function) -> Sandbox | None:
        """A warm process; without one, the right to start a process."""
        with self._changed:
            self._changed.wait_for(lambda: self._idle or self._total() < LIMIT)
            if self._stopped:
                raise StoppedError("the local AWS is being stopped")
            for sandbox in reversed(self._idle):
                if sandbox.usable and sandbox.function == function:
                    self._idle.remove(sandbox)
                    self._busy.add(sandbox)
                    return sandbox
            if self._total() >= LIMIT:
                self._idle.pop(0).stop()
            self._starting += 1
            return None

    def _cold(self, function: Function) -> Sandbox:
        try:
            sandbox = self._start(function)
        except BaseException:
            self._started(None)
            raise
        self._started(sandbox)
        return sandbox

    def _started(self, sandbox: Sandbox | None) -> None:
        with self._changed:
            self._starting -= 1
            if sandbox:
                self._busy.add(sandbox)
                if self._stopped:
                    sandbox.kill()
            self._changed.notify()

    def _give_back(self, sandbox: Sandbox) -> None:
        with self._changed:
            self._busy.remove(sandbox)
            if sandbox.usable:
                self._idle.append(sandbox)
            else:
                sandbox.stop()
            self._changed.notify()

    def _total(self) -> int:
        return len(self._idle) + len(self._busy) + self._starting
