"""Write a share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from scripts.local_estate.nas_share.expected import Expected
from scripts.local_estate.nas_share.recipes import Recipe, expect, recipes
from scripts.local_estate.nas_share.subject import draw

SEED = 20240401
FIRST = datetime(2019, 4, 1, 9, 30, tzinfo=UTC)
_STEP = 6 * 3600  # seconds between the times of two files


def make_share(folder: Path, files: int = 5000, seed: int = SEED) -> list[Expected]:
    """Write a share.

    Args:
        folder: where; made if it isn't there.
        files: how many of them a batch transfers. Excluded ones come on top.
        seed: what everything is drawn from.

    Returns:
        Every file, excluded ones included, in the order of their numbers. A share of n files
        holds those of every smaller one. From 1,000 files on every sort is among them; less than
        3 % fail.
    """
    made: list[Expected] = []
    for number, recipe in _numbered(files):
        subject = draw(seed, number)
        wanted = expect(recipe, subject)
        write(folder / wanted.path, recipe.content(subject), mtime_of(number))
        made.append(wanted)
    return made


def _numbered(files: int) -> Iterator[tuple[int, Recipe]]:
    for number, recipe in enumerate(recipes()):
        if files == 0:
            return
        files -= recipe.status != "excluded"
        yield number, recipe


def mtime_of(number: int) -> float:
    """When a file was last written: six hours after the one before it."""
    return FIRST.timestamp() + number * _STEP


def write(path: Path, content: bytes, mtime: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (mtime, mtime))
