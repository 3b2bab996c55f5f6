"""What people do to a share within a month."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path, PurePosixPath

from scripts.local_estate.nas_share.expected import Expected, Month
from scripts.local_estate.nas_share.recipes import expect, recipes
from scripts.local_estate.nas_share.share import SEED, mtime_of, write
from scripts.local_estate.nas_share.subject import ADDED, REVISED, draw

_CHANGED, _NEW, _MOVED, _DELETED = 0.05, 0.05, 0.01, 0.02  # of the files there are
_ELSEWHERE = "整理済み"
_KEPT = "保管庫"


def a_month_later(folder: Path, before: Sequence[Expected], seed: int = SEED) -> Month:
    """Change a share: 5 % of its files, 5 % new ones, 1 % and one folder moved, 2 % deleted.

    Changed documents tell of the project `アカツキ`, new ones of `ヒナギク`; nothing did before.

    Args:
        folder: where the share is.
        before: what `make_share` returned.
        seed: what `make_share` was given.
    """
    chance = random.Random(f"{seed} a month later")  # noqa: S311 - nobody guards anything with it
    usual = [number for number, file in enumerate(before) if file.status == "indexed"]
    chance.shuffle(usual)
    draws = iter(usual)
    changed, gone, moved = (
        list(islice(draws, max(1, int(share * len(before)))))
        for share in (_CHANGED, _DELETED, _MOVED)
    )
    now = dict(enumerate(before))
    _change(folder, now, changed, seed)
    for number in gone:
        (folder / now.pop(number).path).unlink()
    _move(folder, now, moved)
    _move_folder(folder, now, str(PurePosixPath(before[0].path).parent))
    new = _add(folder, len(before), seed)
    return Month(
        files=[*now.values(), *new],
        new=[file.path for file in new if file.status != "excluded"],
        changed=[now[number].path for number in changed],
        moved={
            before[number].path: file.path
            for number, file in now.items()
            if before[number].path != file.path
            and number not in changed
            and file.status != "excluded"
        },
        deleted=[before[number].path for number in gone],
    )


def revise(folder: Path, before: Sequence[Expected], share: float, seed: int = SEED) -> None:
    """Write some of a share's files anew, and change nothing else.

    Args:
        folder: where the share is.
        before: what `make_share` returned.
        share: how many of the files, as a fraction of all.
        seed: what `make_share` was given.
    """
    chance = random.Random(f"{seed} revised")  # noqa: S311 - nobody guards anything with it
    usual = [number for number, file in enumerate(before) if file.status == "indexed"]
    _change(folder, dict(enumerate(before)), chance.sample(usual, int(share * len(before))), seed)


def _change(folder: Path, now: dict[int, Expected], numbers: Iterable[int], seed: int) -> None:
    """Write files anew, each of its own sort."""
    sorts = list(islice(recipes(), len(now)))
    for number in numbers:
        topic = draw(seed, number).topic  # what its name says
        subject = replace(draw(seed, number, REVISED), topic=topic)
        wanted = expect(sorts[number], subject)
        now[number] = replace(wanted, path=now[number].path)
        written = mtime_of(len(now)) + number
        write(folder / now[number].path, sorts[number].content(subject), written)


def _move(folder: Path, now: dict[int, Expected], numbers: Iterable[int]) -> None:
    for number in numbers:
        path = PurePosixPath(now[number].path)
        _rename(folder, now, number, f"{path.parent}/{_ELSEWHERE}/{path.name}")


def _move_folder(folder: Path, now: dict[int, Expected], name: str) -> None:
    """Move what lies in a folder, and below it, to the folder of what is kept."""
    for number, file in list(now.items()):
        if file.path.startswith(f"{name}/"):
            _rename(folder, now, number, f"{_KEPT}/{file.path}")


def _rename(folder: Path, now: dict[int, Expected], number: int, path: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / now[number].path).rename(folder / path)
    now[number] = replace(now[number], path=path)


def _add(folder: Path, first: int, seed: int) -> list[Expected]:
    added = []
    last = first + max(1, int(_NEW * first))
    for number, recipe in islice(enumerate(recipes()), first, last):
        subject = draw(seed, number, ADDED)
        wanted = expect(recipe, subject)
        write(folder / wanted.path, recipe.content(subject), mtime_of(number))
        added.append(wanted)
    return added
