"""Counts the files below a folder: exactly, and many folders at a time.

On NFS every folder costs a round trip. Readers wait for them side by side; what they find comes
back to one place, which hands out the folders next to be read, deepest first, so that few wait.
"""

from __future__ import annotations

import errno
import os
import queue
import threading
from collections.abc import Callable

from batchworks.errors import JobError
from efs_autoscaler.folder import Listing, Reader

_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}  # removed, or a file or a link in its place
_AHEAD = 4  # folders handed out for each reader


class CountError(JobError):
    """The files can't be counted."""


Answer = tuple[bytes, Listing | OSError]


def count_files(folder: str, workers: int, time_left: Callable[[], float]) -> int:
    """Count every entry below a folder that is no folder. Links are counted, never followed.

    A folder that vanishes meanwhile holds nothing, nor does one that another device is mounted on.

    Args:
        folder: where to begin.
        workers: folders that are read at the same time.
        time_left: seconds after which counting is given up.

    Raises:
        CountError: a folder can't be read, where to begin is gone before the end, or time is up;
            the message names it.
    """
    root = os.fsencode(folder)
    asked: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    answered: queue.SimpleQueue[Answer] = queue.SimpleQueue()
    for _ in range(workers):
        # whatever touches the file system is a daemon: NFS may never answer, but a run must end
        threading.Thread(target=_read, args=(Reader(), root, asked, answered), daemon=True).start()
    try:
        return _count(root, workers * _AHEAD, asked.put, answered, time_left)
    finally:
        for _ in range(workers):
            asked.put(None)


def _count(
    root: bytes,
    at_once: int,
    ask: Callable[[bytes], None],
    answered: queue.SimpleQueue[Answer],
    time_left: Callable[[], float],
) -> int:
    files, pending, device = 0, 1, None
    waiting: list[bytes] = []
    ask(root)
    while pending:
        if (left := time_left()) <= 0:
            raise _too_slow(root, files)
        try:
            folder, answer = answered.get(timeout=left)
        except queue.Empty:
            raise _too_slow(root, files) from None
        pending -= 1
        listing = _listing(answer, folder, is_root=folder == root)
        device = listing.device if device is None else device
        if listing.device == device:
            files += listing.files
            waiting += [folder + b"/" + name for name in listing.folders]
        while waiting and pending < at_once:
            ask(waiting.pop())
            pending += 1
    return files


def _read(
    reader: Reader,
    root: bytes,
    asked: queue.SimpleQueue[bytes | None],
    answered: queue.SimpleQueue[Answer],
) -> None:
    while (folder := asked.get()) is not None:
        try:
            answered.put((folder, _read_afresh(reader, folder)))
        except OSError as error:
            answered.put(_without_root(root) or (folder, error))


def _without_root(root: bytes) -> Answer | None:
    """That where counting began is gone: what was not read yet vanished with it, uncounted."""
    try:
        os.stat(root)  # noqa: PTH116 - a path that may be no text
    except OSError as error:
        return root, error
    return None


def _read_afresh(reader: Reader, folder: bytes) -> Listing:
    try:
        return reader.read(folder)
    except OSError as error:
        if error.errno != errno.ESTALE:
            raise
    return reader.read(folder)  # NFS's memory of it was stale: the name is looked up again


def _listing(answer: Listing | OSError, folder: bytes, *, is_root: bool) -> Listing:
    if isinstance(answer, Listing):
        return answer
    if answer.errno in _GONE and not is_root:
        return Listing()
    raise _unreadable(folder, answer) from answer


def _unreadable(folder: bytes, error: OSError) -> CountError:
    return CountError(
        f"{_shown(folder)} can't be read ({error.strerror}), so the files can't be counted: is the "
        "file system mounted there, and may the function's access point read the folder?"
    )


def _too_slow(root: bytes, files: int) -> CountError:
    return CountError(
        f"the files under {_shown(root)} could not be counted in the time there is ({files} were "
        "by then): if EFS answers, raise COUNT_WORKERS, or the function's memory or time limit"
    )


def _shown(path: bytes) -> str:
    return path.decode(errors="backslashreplace")
