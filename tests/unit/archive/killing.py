"""Runs the command on a vault in processes that can be killed."""

from __future__ import annotations

from multiprocessing.context import ForkServerProcess

from tests.unit.archive import processes
from tests.unit.archive.processes import Moment
from tests.unit.archive.vault import Vault


def start(vault: Vault, *arguments: object, kill: Moment | None = None) -> ForkServerProcess:
    """Start the command."""
    log = vault.folder / "output.txt"
    return processes.start([str(each) for each in arguments], vault.environ, log, kill)


def run(vault: Vault, *arguments: object, kill: Moment | None = None) -> int | None:
    """Run the command to its end; its exit code, negative if it was killed."""
    process = start(vault, *arguments, kill=kill)
    process.join(120)
    return process.exitcode
