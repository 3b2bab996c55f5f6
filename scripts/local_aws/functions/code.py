"""Unpacks code and layers, each set of zips once, into folders named after their content."""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
import threading
import zipfile
from collections.abc import Sequence
from pathlib import Path

from scripts.local_aws.functions.function import Archive

_UNPACKING = threading.Lock()


def unpack(store: Path, archives: Sequence[Archive]) -> Path:
    """Unpack zips over each other, as Lambda lays layers over each other in `/opt`.

    The files are read-only, as in `/var/task` and `/opt`; the folders are not, so that whoever
    made them can delete them.

    Args:
        store: Folder that keeps what was unpacked from run to run.
        archives: A file in a later one replaces the same file of an earlier one.

    Raises:
        zipfile.BadZipFile: One of them isn't a zip.
    """
    hashes = "".join(archive.sha256 for archive in archives)
    folder = store / hashlib.sha256(hashes.encode()).hexdigest()[:32]
    with _UNPACKING:
        if not folder.exists():
            _unpack_new(folder, archives)
    return folder


def _unpack_new(folder: Path, archives: Sequence[Archive]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix="unpacking-", dir=folder.parent))
    try:
        for archive in archives:
            _extract(archive.content, unfinished)
        unfinished.rename(folder)
    except OSError:
        if not folder.exists():  # or else another local AWS was quicker
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _extract(archive: bytes, folder: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as content:
        for entry in content.infolist():
            extracted = Path(content.extract(entry, folder))
            if not entry.is_dir():
                extracted.chmod(0o444 | (entry.external_attr >> 16) & 0o111)
