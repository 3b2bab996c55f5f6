"""What a transfer has to do: both sides compared.

https://docs.aws.amazon.com/datasync/latest/userguide/configure-metadata.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.local_aws.transfers import metadata
from scripts.local_aws.transfers.destination import Destination
from scripts.local_aws.transfers.filters import Filters
from scripts.local_aws.transfers.source import Entry, entries


@dataclass(frozen=True)
class Plan:
    """What a transfer has to do.

    Attributes:
        new: What is copied: it isn't there yet, or differs.
        gone: Keys of what is deleted.
        same: How many files and folders stay as they are.
    """

    new: list[Entry]
    gone: list[str]
    same: int


def compare(task: Mapping[str, Any], folder: Path, destination: Destination) -> Plan:
    """Compare a NAS with what is there of it.

    Args:
        task: Its settings: Options, Includes, Excludes.
        folder: What lies on the NAS.
        destination: What is there now.

    Raises:
        OSError: The NAS can't be read.
    """
    filters = Filters.of(task["Includes"], task["Excludes"])
    there = destination.objects()
    taken = {destination.prefix + entry.name: entry for entry in entries(folder, filters)}
    differs = _difference(task["Options"])
    new = [entry for key, entry in taken.items() if differs(entry, there.get(key))]
    gone = []
    if task["Options"]["PreserveDeletedFiles"] == "REMOVE":
        start = len(destination.prefix)
        gone = sorted(key for key in there.keys() - taken if filters.takes(f"/{key[start:]}"))
    return Plan(new, gone, len(taken) - len(new))


def _difference(options: Mapping[str, Any]) -> Callable[[Entry, Any], bool]:
    if options["OverwriteMode"] == "NEVER":
        return lambda _, there: there is None
    if options["TransferMode"] == "ALL":
        return lambda *_: True
    return _differs


def _differs(entry: Entry, there: Any) -> bool:
    if there is None:
        return True
    kept = there.metadata.get("x-amz-meta-file-mtime")
    return bool(kept != metadata.time(entry.changed) or there.size != entry.size)
