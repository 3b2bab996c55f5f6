"""A hidden folder at the destination, in which files grow until they are whole."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

PREFIX = ".archive-collect-"
_LOCK = "lock"


@contextmanager
def opened(destination: Path) -> Iterator[Path]:
    """A hidden folder of this run's own, gone after the block.

    Folders of runs that were killed are removed first; those of runs that go on are not: each
    run holds a lock on a file in its own.

    Raises:
        OSError: the destination can't be written to.
    """
    for left in destination.glob(f"{PREFIX}*"):
        _remove_if_abandoned(left)
    folder, lock = _own(destination)
    with lock:
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _own(destination: Path) -> tuple[Path, IO[str]]:
    """A new folder with its lock; once more if another run took it for an abandoned one."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=destination))
        with suppress(FileNotFoundError, BlockingIOError, PermissionError):
            lock = (folder / _LOCK).open("w", encoding="ascii")
            if _is_locked(lock) and _is_open(lock, folder / _LOCK):
                return folder, lock
            lock.close()


def _remove_if_abandoned(folder: Path) -> None:
    try:
        with (folder / _LOCK).open("r+", encoding="ascii") as lock:
            if _is_locked(lock):
                shutil.rmtree(folder, ignore_errors=True)
    except FileNotFoundError:
        with suppress(OSError):
            folder.rmdir()
    except OSError:
        return


def _is_open(stream: IO[str], path: Path) -> bool:
    return os.path.samestat(os.fstat(stream.fileno()), path.stat())


if sys.platform == "win32":
    import msvcrt

    def _is_locked(stream: IO[str]) -> bool:
        try:
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _is_locked(stream: IO[str]) -> bool:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
