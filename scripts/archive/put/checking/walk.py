"""Files below a folder, and whether they can be read."""

from __future__ import annotations

import os
from collections.abc import Iterator

from scripts.archive.put.checking.places import Place, explain, problem
from scripts.archive.shares import PathError

Wrong = tuple[str, PathError]  # the key of what can't be looked at, and why


def files_below(folder: Place) -> Iterator[Place | Wrong]:
    """Everything below a folder that is no folder, at any depth; links are not followed."""
    waiting = [folder]
    while waiting:
        inside = waiting.pop()
        for found in _children(inside):
            if not isinstance(found, Place) or found.is_link or not found.is_folder:
                yield found
            elif wrong := problem(found):
                yield found.key, wrong
            else:
                waiting.append(found)


def open_problem(place: Place) -> PathError | None:
    """Why a file can't be read; None when its first byte can be."""
    try:
        with open(place.local, "rb", buffering=0) as stream:  # noqa: PTH123 - no Path per file
            stream.read(1)
    except OSError as error:
        return explain(error)
    return None


def _children(folder: Place) -> Iterator[Place | Wrong]:
    try:
        with os.scandir(folder.local) as entries:
            for entry in entries:
                yield from _child(f"{folder.key}/{entry.name}", entry)
    except OSError as error:
        yield folder.key, explain(error)


def _child(key: str, entry: os.DirEntry[str]) -> Iterator[Place | Wrong]:
    try:
        yield Place(key, entry.path, entry.stat(follow_symlinks=False))
    except FileNotFoundError:
        return  # it is gone, as if the folder had been looked at a moment later
    except OSError as error:
        yield key, explain(error)
