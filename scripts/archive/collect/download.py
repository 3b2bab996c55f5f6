"""Downloads one object into a file, and verifies it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError

from scripts.archive.checksum import Checksum
from scripts.archive.restore_list.selection import Item

if TYPE_CHECKING:
    from obstore import GetOptions
    from obstore.store import S3Store

TRIES = 5
"""How often a download that was cut goes on without a single byte more."""
_CHUNK = 1 << 20


class WrongContentError(Exception):
    """What S3 gave is not what was archived."""


def download(store: S3Store, item: Item, file: Path, on_bytes: Callable[[int], None]) -> None:
    """Write an object to a new file; only a file that this returns for is whole.

    A download that is cut goes on where it was. Memory is one chunk, whatever the size.

    Args:
        on_bytes: told how many bytes came, as they come.

    Raises:
        WrongContentError: size or checksum differ from the archive list's.
        BaseError: S3 refused, or kept cutting.
        OSError: the file can't be written.
    """
    checksum = Checksum(item.part_size)
    done = 0
    with file.open("xb") as stream:
        for chunk in _chunks(store, item):
            checksum.update(chunk)
            stream.write(chunk)
            done += len(chunk)
            on_bytes(len(chunk))
        stream.flush()
        os.fsync(stream.fileno())
    if done != item.size or checksum.text() != item.sha256:
        raise WrongContentError
    modified = int(item.modified.timestamp() * 1_000_000) * 1000
    os.utime(file, ns=(modified, modified))


def _chunks(store: S3Store, item: Item) -> Iterator[bytes]:
    offset = tries = 0
    while offset < item.size and tries < TRIES:
        tries += 1
        try:
            answer = obstore.get(store, item.key, options=_options(item, offset))
            for chunk in answer.stream(_CHUNK):
                yield chunk
                offset += len(chunk)
                tries = 0 if chunk else tries
        except BaseError:
            if tries == TRIES:
                raise


def _options(item: Item, offset: int) -> GetOptions:
    options: GetOptions = {"version": item.version}
    if offset:
        options["range"] = (offset, item.size)
    return options
