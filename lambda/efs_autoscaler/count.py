"""Counts the files below a folder: exactly, and many folders at a time where that helps.

On NFS every folder costs a round trip: readers wait for them side by side, and share the folders
still to be read, of which those found last come first, so that few wait. Where the disk answers at
once one reader is fastest: more would only hand Python's lock (GIL) round.
"""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable

from batchworks.errors import JobError
from efs_autoscaler.folder import Listing, Reader

_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}  # removed, or a file or a link in its place
_GLANCE = 0.01  # seconds between looks at how counting gets on


class CountError(JobError):
    """The files can't be counted."""


def count_files(folder: str, workers: int, time_left: Callable[[], float]) -> int:
    """Count every entry below a folder that is no folder. Links are counted, never followed.

    A folder that vanishes meanwhile holds nothing, nor does one that another device is mounted on.

    Args:
        folder: where to begin.
        workers: folders that are read at the same time, at most.
        time_left: seconds after which counting is given up.

    Raises:
        CountError: a folder can't be read, where to begin is gone before the end, or time is up;
            the message names it.
    """
    walk = _Walk(os.fsencode(folder))
    try:
        _watch(walk, workers, time_left)
    finally:
        walk.end()
    if walk.error:
        raise walk.error
    return walk.files


def _watch(walk: _Walk, workers: int, time_left: Callable[[], float]) -> None:
    """Have a tree read to its end, by one reader until it is seen to wait half of the time."""
    began, used = time.monotonic(), time.process_time()
    readers = _start(walk, 1)
    while time_left() > 0:
        if walk.over.wait(_GLANCE):
            return
        waits = time.process_time() - used < (time.monotonic() - began) / 2
        if waits and walk.waiting and readers < workers:
            readers += _start(walk, workers - readers)
    raise _too_slow(walk.root, walk.files)


def _start(walk: _Walk, readers: int) -> int:
    for _ in range(readers):
        # whatever touches the file system is a daemon: NFS may never answer, but a run must end
        threading.Thread(target=_read, args=(Reader(), walk), daemon=True).start()
    return readers


class _Walk:
    """What the readers share: the folders to be read, the last found first, and what was found."""

    def __init__(self, root: bytes) -> None:
        self.root = root
        self.waiting = [root]
        self.files = 0
        self.error: CountError | None = None
        self.over = threading.Event()
        self._reading = 0
        self._device: int | None = None
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)

    def take(self) -> bytes | None:
        """The next folder to be read; none if that is no longer wanted."""
        with self._lock:
            while not (self.waiting or self.over.is_set()):
                self._changed.wait()
            if self.over.is_set():
                return None
            self._reading += 1
            return self.waiting.pop()

    def tell(self, folder: bytes, listing: Listing) -> None:
        """What a folder holds."""
        with self._lock:
            self._reading -= 1
            self._device = listing.device if self._device is None else self._device
            if listing.device == self._device:
                self.files += listing.files
                if listing.folders:
                    self.waiting += [folder + b"/" + name for name in listing.folders]
                    self._changed.notify(len(listing.folders))
            if not self.waiting and not self._reading:
                self.end()

    def end(self, error: CountError | None = None) -> None:
        """Nothing more is to be read."""
        with self._lock:
            self.error = self.error or error
            self.over.set()
            self._changed.notify_all()


def _read(reader: Reader, walk: _Walk) -> None:
    while (folder := walk.take()) is not None:
        try:
            walk.tell(folder, _listing(reader, folder, walk.root))
        except CountError as error:
            walk.end(error)


def _listing(reader: Reader, folder: bytes, root: bytes) -> Listing:
    try:
        return _read_afresh(reader, folder)
    except OSError as error:
        _check_root(root)
        if error.errno in _GONE and folder != root:
            return Listing()
        raise _unreadable(folder, error) from error


def _check_root(root: bytes) -> None:
    """Where counting began may be gone: what was not read yet vanished with it, uncounted."""
    try:
        os.stat(root)  # noqa: PTH116 - a path that may be no text
    except OSError as error:
        raise _unreadable(root, error) from error


def _read_afresh(reader: Reader, folder: bytes) -> Listing:
    try:
        return reader.read(folder)
    except OSError as error:
        if error.errno != errno.ESTALE:
            raise
    return reader.read(folder)  # NFS's memory of it was stale: the name is looked up again


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
