"""Reads originals, and notices when one changes meanwhile."""

from __future__ import annotations

import io
import os
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING

from scripts.archive.put.originals import Original

if TYPE_CHECKING:
    from typing_extensions import Buffer

_BLOCK = 1024**2


class FileChangedError(Exception):
    """The file is not what the check saw: its size or its time of change differs."""


def whole(path: Path, original: Original) -> bytes:
    """All bytes of a file.

    Raises:
        FileChangedError: it changed since the check, or while it was read.
        OSError: it can't be read.
    """
    with path.open("rb") as file:
        _compare(os.fstat(file.fileno()), original)
        content = file.read(original.size + 1)
        _compare(os.fstat(file.fileno()), original)
    if len(content) != original.size:
        raise FileChangedError
    return content


def unchanged(path: Path, original: Original) -> None:
    """Make sure that a file is still what the check saw.

    Raises:
        FileChangedError: it isn't.
        OSError: it can't be looked at.
    """
    _compare(path.stat(), original)


class Slice(io.RawIOBase):
    """A part of a file, as a file: so that a part of any size needs no memory."""

    def __init__(self, file: IO[bytes], offset: int, length: int) -> None:
        super().__init__()
        self._file = file
        self._offset = offset
        self._length = length
        self._position = 0

    def __len__(self) -> int:
        return self._length

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._length}[whence]
        self._position = origin + offset
        return self._position

    def tell(self) -> int:
        return self._position

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)[: max(0, self._length - self._position)]
        self._file.seek(self._offset + self._position)
        count: int = self._file.readinto(view)  # type: ignore[attr-defined]  # a raw file has it
        self._position += count
        return count

    def digest(self) -> bytes:
        """SHA-256 of the part; it is read from its beginning, and rewound.

        Raises:
            FileChangedError: the file ends before the part does.
        """
        self.seek(0)
        digest = sha256()
        while block := self.read(_BLOCK):
            digest.update(block)
        if self.tell() != self._length:
            raise FileChangedError
        self.seek(0)
        return digest.digest()


def _compare(found: os.stat_result, original: Original) -> None:
    if (found.st_size, found.st_mtime_ns) != (original.size, original.modified):
        raise FileChangedError
