"""What lies on a NAS: the files and folders that a transfer takes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.local_aws.transfers.filters import Filters


@dataclass(frozen=True)
class Entry:
    """A file or a folder.

    Attributes:
        name: Path relative to the location; that of a folder ends in `/`.
        path: Where it is on this machine.
        size: Bytes; 0 of a folder.
        changed: mtime, nanoseconds since 1970.
        read: atime, nanoseconds since 1970.
        owner: User id.
        group: Group id.
        mode: Permissions, as in `0644`.
    """

    name: str
    path: Path
    size: int
    changed: int
    read: int
    owner: int
    group: int
    mode: str

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, which is an empty object in S3."""
        return self.name.endswith("/")


def entries(folder: Path, filters: Filters) -> Iterator[Entry]:
    """Walk through what is taken; folders come with the first file in them, or where all is taken.

    Links are not followed.

    Raises:
        OSError: Something can't be read.
    """
    for at, names, files in os.walk(folder, onerror=_raise):
        inside = Path(at).relative_to(folder).as_posix()
        prefix = "" if inside == "." else f"{inside}/"
        names[:] = sorted(each for each in names if not filters.leaves_out(f"/{prefix}{each}"))
        taken = [each for each in sorted(files) if filters.takes(f"/{prefix}{each}")]
        if prefix and (taken or filters.included is None):
            yield _entry(prefix, Path(at))
        for name in taken:
            if not Path(at, name).is_symlink():
                yield _entry(f"{prefix}{name}", Path(at, name))


def _raise(error: OSError) -> None:
    raise error


def _entry(name: str, path: Path) -> Entry:
    found = path.stat()
    return Entry(
        name=name,
        path=path,
        size=0 if name.endswith("/") else found.st_size,
        changed=found.st_mtime_ns,
        read=found.st_atime_ns,
        owner=found.st_uid,
        group=found.st_gid,
        mode=f"{found.st_mode & 0o7777:04o}",
    )
