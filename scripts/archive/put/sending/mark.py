"""Markers: empty files beside originals that tell people what is archived."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from scripts.archive.archive_list import Entry
from scripts.archive.shares import Shares

_THREADS = 8  # each waits for the share most of the time

_REASONS = {
    errno.EACCES: "フォルダーに書き込む権限がありません",
    errno.EPERM: "フォルダーに書き込む権限がありません",
    errno.EROFS: "共有が読み取り専用です",
    errno.ENOSPC: "共有の空き容量がありません",
    errno.EDQUOT: "共有の割り当て容量を超えています",
}


def write(path: Path) -> str | None:
    """Create a marker; one that is there is left as it is.

    Returns:
        Why it could not be created; None where it is there now.
    """
    try:
        path.open("xb").close()
    except FileExistsError:
        if _is_marker(path):
            return None
        return f"{path.name} という別のファイルがあるため、マーカーを置けません"
    except OSError as error:
        return _why(path.name, error)
    return None


def _why(name: str, error: OSError) -> str:
    if error.errno == errno.ENAMETOOLONG:
        return f"名前が長すぎるため、{name} を置けません。アーカイブは済んでいます"
    reason = _REASONS.get(error.errno or 0, error.strerror)
    return f"マーカー {name} を置けません: {reason}。次の実行でもう一度置きます"


def write_all(entries: Sequence[Entry], shares: Shares) -> list[str | None]:
    """Create the markers of these entries, several at a time.

    Returns:
        What `write` says of each; None also where an entry has no marker.
    """
    problems: list[str | None] = [None] * len(entries)

    def some(start: int) -> None:
        for index in range(start, len(entries), _THREADS):
            if path := place(entries[index], shares):
                problems[index] = write(path)

    with ThreadPoolExecutor(_THREADS, "marker") as pool:
        list(pool.map(some, range(_THREADS)))
    return problems


def place(entry: Entry, shares: Shares) -> Path | None:
    """Where an entry's marker is to be; None where it has none."""
    return shares.local(entry.key).with_name(entry.marker) if entry.marker else None


def intended(entry: Entry, shares: Shares, suffix: str) -> Entry:
    """The entry, with the name of its marker unless something stands there already."""
    path = shares.local(entry.key)
    taken = os.path.lexists(f"{path}{suffix}")
    return entry if taken else replace(entry, marker=path.name + suffix)


def _is_marker(path: Path) -> bool:
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == 0
