"""Paths of files below a mount point: which are allowed, and how they are opened."""

from __future__ import annotations

import ctypes
import errno
import os
import re

AnyPath = str | bytes | os.PathLike[str] | os.PathLike[bytes]

_OPENAT2 = 437  # on every architecture, x86-64 and arm64 among them
_RESOLVE_NO_MAGICLINKS = 0x02
_RESOLVE_BENEATH = 0x08
_TRIES = 16  # the kernel gives up when folders above are renamed just then
_libc = ctypes.CDLL(None, use_errno=True)


class UnsafePathError(ValueError):
    """A path that isn't one of a file below a mount point; the message says why."""


class _How(ctypes.Structure):
    """`struct open_how`. Source: https://man7.org/linux/man-pages/man2/openat2.2.html"""

    _fields_ = (
        ("flags", ctypes.c_uint64),
        ("mode", ctypes.c_uint64),
        ("resolve", ctypes.c_uint64),
    )


def relative(path: AnyPath) -> str:
    """The one spelling of a path: no empty parts, no `.`, bytes as `os.fsdecode` gives them.

    A backslash is a letter like others, as Linux takes it, except around `..`: what a program from
    elsewhere would climb up by is refused.

    Raises:
        UnsafePathError: it is empty or absolute, has `..` or a NUL, or no bytes stand for it.
    """
    text = decoded(path)
    if "\0" in text:
        raise UnsafePathError(f"{text!r} has a NUL in it: no file is named so")
    if text.startswith("/"):
        raise UnsafePathError(f"{text!r} is absolute: give it relative to the mount point")
    if ".." in re.split(r"[/\\]", text):
        raise UnsafePathError(f"{text!r} leads upwards by “..”: give it without")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if not parts:
        raise UnsafePathError(f"{text!r} names no file: give a path below the mount point")
    encoded("/".join(parts))
    return "/".join(parts)


def decoded(path: AnyPath) -> str:
    """A path as text; bytes that aren't UTF-8 as lone surrogates."""
    name = os.fspath(path)
    return name.decode("utf-8", "surrogateescape") if isinstance(name, bytes) else name


def encoded(path: str) -> bytes:
    """The bytes that the file system knows a path by.

    Raises:
        UnsafePathError: none stand for it.
    """
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise UnsafePathError(f"{path!r} has a surrogate in it that stands for no byte") from None


def open_beneath(root: str, inside: str, flags: int, mode: int = 0o666) -> int:
    """Open a file below a folder by openat2(2): links are followed as long as they stay below it.

    Nothing that is renamed or linked meanwhile can lead elsewhere: the kernel looks while it walks.

    Args:
        root: the folder, such as a mount point.
        inside: path of the file in it, relative.
        flags: as of `os.open`.
        mode: permissions of a file that is made, before the umask.

    Returns:
        The file descriptor, not inherited by children.

    Raises:
        UnsafePathError: a link on the way leads out of the folder.
        OSError: as by `os.open`; ENOSYS from kernels before 5.6.
    """
    created = mode if flags & os.O_CREAT else 0
    how = _How(flags | os.O_CLOEXEC, created, _RESOLVE_BENEATH | _RESOLVE_NO_MAGICLINKS)
    folder = os.open(root, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for _ in range(_TRIES):
            descriptor: int = _libc.syscall(
                _OPENAT2, folder, encoded(inside), ctypes.byref(how), ctypes.sizeof(how)
            )
            number = ctypes.get_errno()
            if descriptor >= 0:
                return descriptor
            if number not in (errno.EAGAIN, errno.EINTR):
                break
    finally:
        os.close(folder)
    if number == errno.EXDEV:
        raise UnsafePathError(f"{inside!r} leads out of {root} by a link")
    raise OSError(number, os.strerror(number), f"{root}/{inside}")
