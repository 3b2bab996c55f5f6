"""Gives a whole file its name, never in the place of another."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from pathlib import Path

_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL)
_AT_FDCWD = -100
_RENAME_NOREPLACE = 1


def place(file: Path, name: Path) -> bool:
    """Move a file to a name on the same file system.

    Returns:
        Whether it is there now; False where the name was taken.

    Raises:
        OSError: the destination can't be written to.
    """
    try:
        if sys.platform == "win32":
            file.rename(name)  # on Windows it never replaces
        else:
            _link(file, name)
    except FileExistsError:
        return False
    return True


def _link(file: Path, name: Path) -> None:
    try:
        os.link(file, name)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        rename_if_free(file, name)
    else:
        file.unlink()


def rename_if_free(file: Path, name: Path) -> None:
    """Rename where there are no hard links.

    Raises:
        FileExistsError: the name is taken.

    Source: https://man7.org/linux/man-pages/man2/rename.2.html
    """
    libc = ctypes.CDLL(None, use_errno=True)
    paths = (os.fsencode(file), os.fsencode(name))
    if libc.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_NOREPLACE) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), str(name))
