"""Runs the application as a container's first process should: signals in, exit code out.

The kernel gives process 1 no default for signals and all orphans for children. So this one passes
on what it is sent, waits for whoever ends, and ends as the application does.
"""

from __future__ import annotations

import ctypes
import logging
import os
import pwd
import signal
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import chain
from typing import Never

NOT_EXECUTABLE = 126  # as shells say it
NOT_FOUND = 127
_SIGNALLED = 128
_PR_SET_NO_NEW_PRIVS = 38

# A fault of this process, or about its terminal, or its children: these aren't for the application.
_OURS = {
    *(signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD, signal.SIGPIPE),
    *(signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT),
    *(signal.SIGTRAP, signal.SIGSYS, signal.SIGTTIN, signal.SIGTTOU),
}
_PASSED_ON = signal.valid_signals() - _OURS
_log = logging.getLogger(__name__)


def end_on_signals() -> None:
    """Until the application runs, let SIGTERM and its like end this process: 128 + their number."""

    def end(number: int, _: object) -> Never:
        _log.warning("stopped by signal %s before the application was started", number)
        os._exit(_SIGNALLED + number)  # mounts that are under way are not waited for

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, end)


def run(command: Sequence[str], environment: Mapping[str, str], user: str = "") -> int:
    """Run the application to its end.

    Args:
        command: its program and arguments.
        environment: all its variables.
        user: whose rights root gives it; empty: those of this process.

    Returns:
        Its exit code; 128 + n if signal n killed it; 126 or 127 if it can't be started.
    """
    with _signals() as arriving:
        try:
            application = _start(command, environment, user)
        except OSError as error:
            _log.error("%s can't be started: %s", command[0], error.strerror)
            return NOT_FOUND if isinstance(error, FileNotFoundError) else NOT_EXECUTABLE
        _log.info("started %s as process %s", command[0], application.pid)
        for number in chain([signal.SIGCHLD], arriving):  # some may have ended before
            if number != signal.SIGCHLD:
                os.kill(application.pid, number)  # it is ours until it is reaped below
            elif (status := _reap(application.pid)) is not None:
                application.returncode = status
                return status if status >= 0 else _SIGNALLED - status
    raise AssertionError("signals never cease")


def _start(
    command: Sequence[str], environment: Mapping[str, str], user: str
) -> subprocess.Popen[bytes]:
    if not user or os.geteuid() != 0:
        return subprocess.Popen(command, env=environment, process_group=0)
    entry = pwd.getpwnam(user)
    _let_no_program_gain_rights()
    return subprocess.Popen(
        command,
        env={**environment, "HOME": entry.pw_dir, "USER": user},
        process_group=0,
        user=entry.pw_uid,
        group=entry.pw_gid,
        extra_groups=os.getgrouplist(user, entry.pw_gid),
    )


def _let_no_program_gain_rights() -> None:
    """By set-uid programs the application would get back what it is started without: SYS_ADMIN.

    It holds for this process, too, which needs no more. Source:
    https://man7.org/linux/man-pages/man2/PR_SET_NO_NEW_PRIVS.2const.html
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, *map(ctypes.c_ulong, (1, 0, 0, 0))):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@contextmanager
def _signals() -> Iterator[Iterator[int]]:
    """Numbers of the signals that arrive, in their order, for as long as anybody asks."""
    reading, writing = socket.socketpair()
    writing.setblocking(False)
    signal.set_wakeup_fd(writing.fileno())
    for number in (*_PASSED_ON, signal.SIGCHLD):
        with suppress(OSError):  # of the real-time signals the C library keeps some to itself
            signal.signal(number, lambda *_: None)
    with reading, writing:
        yield (number for chunk in iter(lambda: reading.recv(64), b"") for number in chunk)
        signal.set_wakeup_fd(-1)


def _reap(application: int) -> int | None:
    """Wait for everybody who has ended, orphans too; the application's status if it is among them.

    Negative: the number of the signal that killed it.
    """
    ended = None
    with suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG))[0]:
            process, status = found
            if process == application:
                ended = os.waitstatus_to_exitcode(status)
    return ended
