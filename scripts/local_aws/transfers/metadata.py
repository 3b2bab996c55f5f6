"""What an object tells of its file.

https://docs.aws.amazon.com/datasync/latest/userguide/metadata-copied.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scripts.local_aws.transfers.source import Entry


def of(entry: Entry, path: str, options: Mapping[str, Any]) -> dict[str, str]:
    """An object's metadata, without `x-amz-meta-`.

    Args:
        entry: The file or folder.
        path: Where it lies on the NAS, such as `//nas/share/a.txt`.
        options: The task's: what of it is preserved.
    """
    metadata = {"file-size": str(entry.size), "source-path": path}
    if options["Mtime"] == "PRESERVE":
        metadata["file-mtime"] = time(entry.changed)
    if options["Atime"] == "BEST_EFFORT":
        metadata["file-atime"] = time(entry.read)
    if options["Uid"] == "INT_VALUE":
        metadata["file-owner"] = str(entry.owner)
    if options["Gid"] == "INT_VALUE":
        metadata["file-group"] = str(entry.group)
    if options["PosixPermissions"] == "PRESERVE":
        metadata["file-permissions"] = entry.mode
    return metadata


def time(nanoseconds: int) -> str:
    """A time since 1970 as metadata tells it."""
    return f"{nanoseconds}ns"
