"""What the set-up has in common: where things live, how it talks, how it starts programs."""

import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from scripts.files import ROOT

TOOLS = ROOT / ".tools"
LOCAL = ROOT / ".local"


class SetupError(Exception):
    """The environment cannot be made; the message says what to install or to do."""


def say(message: str) -> None:
    """Print one line at once, also when the output is a file or a pipe."""
    print(f"setup: {message}", flush=True)


@contextmanager
def step(name: str) -> Iterator[None]:
    """Announce `name`, and say how long it took."""
    say(f"{name} ...")
    started = time.monotonic()
    yield
    say(f"{name} done ({time.monotonic() - started:.0f} s)")


def run(
    command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, quiet: bool = False
) -> None:
    """Run a program; `quiet` shows what it prints only if it fails.

    Raises:
        SetupError: It cannot be started, or ended with another exit code than 0.
    """
    shown = " ".join(map(str, command))
    output = subprocess.PIPE if quiet else None
    try:
        done = subprocess.run(
            command, env=env, cwd=ROOT, check=False, stdout=output, stderr=output, text=True
        )
    except OSError as error:
        raise SetupError(f"cannot start {command[0]}: {error}") from error
    if done.returncode != 0:
        raise SetupError(
            f"exit code {done.returncode} from: {shown}"
            + (f"\n{done.stdout}{done.stderr}" if quiet else "")
        )


def answer(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None) -> str | None:
    """Return what a program prints, stripped; None where it is missing or fails."""
    try:
        done = subprocess.run(
            command, env=env, cwd=ROOT, check=False, capture_output=True, text=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
