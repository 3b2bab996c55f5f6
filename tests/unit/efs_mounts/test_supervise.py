"""The application's signals, exit codes and orphans: real processes, no privileges needed."""

from __future__ import annotations

import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

RUN = """
import os, sys
from scripts.efs_mounts import supervise
sys.exit(supervise.run(sys.argv[2:], os.environ, sys.argv[1]))
"""
# Signals 32 and 33: it lets nobody change what was inherited of them.
KEPT_BY_THE_C_LIBRARY = 0b11 << 31
# Says that it is ready, then tells each signal; the second SIGTERM ends it.
TELLING = """
import os, signal, sys, time
told = []
def tell(number, _):
    told.append(number)
    os.write(1, b"%d\\n" % number)  # print may not be called while it prints "ready"
    if told.count(signal.SIGTERM) == 2:
        sys.exit(5)
for number in (1, 2, 10, 12, 15, 28, 40):
    signal.signal(number, tell)
print("ready", flush=True)
while True:
    time.sleep(0.05)  # a signal may come just before it would wait for one
"""


def command(*application: str, user: str = "") -> list[str]:
    return [sys.executable, "-c", RUN, user, *application]


@contextmanager
def started(*application: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(command(*application), stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


@pytest.mark.parametrize("code", [0, 1, 42, 255])
def test_the_application_s_exit_code_is_handed_on(code: int) -> None:
    assert subprocess.run(command("sh", "-c", f"exit {code}"), check=False).returncode == code


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM, signal.SIGINT])
def test_an_application_killed_by_a_signal_ends_as_128_plus_its_number(number: int) -> None:
    done = subprocess.run(command("sh", "-c", f"kill -{int(number)} $$"), check=False)
    assert done.returncode == 128 + number


@pytest.mark.parametrize("number", [1, 2, 10, 12, 15, 28, 40])
def test_signals_reach_the_application_and_not_this_process(number: int) -> None:
    with started(sys.executable, "-c", TELLING) as process:
        assert said(process) == "ready"
        process.send_signal(number)
        assert said(process) == str(number)
        assert process.poll() is None


def test_a_second_sigterm_is_passed_on_too() -> None:
    with started(sys.executable, "-c", TELLING) as process:
        assert said(process) == "ready"
        for _ in range(2):
            process.terminate()
            assert said(process) == "15"
        assert process.wait(30) == 5


def test_an_application_that_doesn_t_handle_sigterm_ends_by_it() -> None:
    with started("sh", "-c", "echo ready; while :; do sleep 0.05; done") as process:
        assert said(process) == "ready"
        process.terminate()
        assert process.wait(30) == 128 + signal.SIGTERM


def test_an_application_that_is_killed_from_elsewhere_is_noticed() -> None:
    with started("sh", "-c", "echo $$; exec sleep 600") as process:
        os.kill(int(said(process)), signal.SIGKILL)
        assert process.wait(30) == 128 + signal.SIGKILL


def test_the_application_starts_with_nothing_blocked_or_ignored() -> None:
    with started("grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status") as process:
        masks = dict(said(process).split(":\t") for _ in range(2))
        assert process.wait(30) == 0
    told = {name: int(mask, 16) & ~KEPT_BY_THE_C_LIBRARY for name, mask in masks.items()}
    assert told == {"SigBlk": 0, "SigIgn": 0}


@pytest.mark.parametrize(
    ("program", "code", "reason"),
    [("/no/such/program", 127, "No such file"), ("/etc/passwd", 126, "Permission denied")],
)
def test_a_program_that_can_t_be_started_is_told(program: str, code: int, reason: str) -> None:
    done = subprocess.run(command(program), check=False, capture_output=True, text=True)
    assert done.returncode == code
    assert f"{program} can't be started: {reason}" in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give up root's rights")
def test_root_starts_the_application_as_another_user() -> None:
    script = "id -un; id -G; echo $HOME; grep -E 'CapEff|NoNewPrivs' /proc/self/status"
    with subprocess.Popen(
        command("sh", "-c", script, user="nobody"), stdout=subprocess.PIPE, text=True, cwd="/",
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    ) as process:  # fmt: skip
        entry = pwd.getpwnam("nobody")
        assert said(process) == "nobody"
        assert said(process) == str(entry.pw_gid)
        assert said(process) == entry.pw_dir
        assert said(process) == "CapEff:\t" + "0" * 16
        assert said(process) == "NoNewPrivs:\t1", "nor does a set-uid program give them back"
        assert process.wait(30) == 0


def test_children_that_end_are_waited_for_while_the_application_runs() -> None:
    """A watchdog that this process started before the application, say."""
    script = """
import os, subprocess, sys
from scripts.efs_mounts import supervise
early = subprocess.Popen(["sleep", "0.3"])
print(early.pid, flush=True)
sys.exit(supervise.run(["sh", "-c", "sleep 0.1; exec sleep 600"], os.environ))
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as one:
        early = psutil.Process(int(said(one)))
        early.wait(30)  # a zombie would stay
        one.terminate()
        assert one.wait(30) == 128 + signal.SIGTERM
