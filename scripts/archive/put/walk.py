"""Files below a folder, and whether they can be read."""

from __future__ import annotations

import os
from collections.abc import Iterator

from scripts.archive.put.places import Place, explain, problem
from scripts.archive.shares import PathError


def files_below(folder: Place) -> Iterator[Place | tuple[str, PathError]]:
    """Everything below a folder that is no folder, at any depth; links are not followed.

    Yields:
        A place, or the key of a folder or file that can't be looked at, and why.
    """
    waiting = [(folder.key, folder.local)]
    while waiting:
        key, local = waiting.pop()
        try:
            with os.scandir(local) as entries:
                for entry in entries:
                    place = Place(
                        f"{key}/{entry.name}", entry.path, entry.stat(follow_symlinks=False)
                    )
                    if place.is_link or not place.is_folder:
                        yield place
                    elif wrong := problem(place):
                        yield place.key, wrong
                    else:
                        waiting.append((place.key, place.local))
        except OSError as error:
            yield key, explain(error)


def open_problem(place: Place) -> PathError | None:
    """Why a file can't be read; None when its first byte can be."""
    try:
        with open(place.local, "rb", buffering=0) as stream:  # noqa: PTH123 - no Path per file
            stream.read(1)
    except OSError as error:
        return explain(error)
    return None
