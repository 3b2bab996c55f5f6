"""SHA-256 as S3 tells it: of the whole, or of the parts it was sent in.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

_CHUNK = 1 << 20


def of_body(digest: bytes) -> str:
    """S3's `ChecksumSHA256` of one body, from its digest."""
    return b64encode(digest).decode()


def of_parts(digests: Sequence[bytes]) -> str:
    """S3's `ChecksumSHA256` of an object, from the digests of its parts."""
    return f"{of_body(sha256(b''.join(digests)).digest())}-{len(digests)}"


class Checksum:
    """Grows with the bytes it is given.

    Args:
        part_size: bytes of each part but the last; None where the object was sent whole.
    """

    def __init__(self, part_size: int | None) -> None:
        self._part_size = part_size
        self._part = sha256()
        self._room = part_size or 0
        self._digests: list[bytes] = []

    def update(self, data: bytes) -> None:
        """Add bytes that follow."""
        if self._part_size is None:
            self._part.update(data)
            return
        view = memoryview(data)
        while view:
            if self._room == 0:
                self._close()
            piece = view[: self._room]
            self._part.update(piece)
            self._room -= len(piece)
            view = view[len(piece) :]

    def text(self) -> str:
        """Base64, followed by `-N` where there were N parts."""
        if self._part_size is None:
            return of_body(self._part.digest())
        return of_parts([*self._digests, self._part.digest()])

    def _close(self) -> None:
        self._digests.append(self._part.digest())
        self._part = sha256()
        self._room = self._part_size or 0


def of_file(path: Path, part_size: int | None) -> str:
    """The checksum of a file."""
    checksum = Checksum(part_size)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            checksum.update(chunk)
    return checksum.text()
