"""What the rows of a list name: files, one by one, and what is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

from scripts.archive import lists, shares
from scripts.archive.batches import batched
from scripts.archive.lists import ListError, Row
from scripts.archive.parallel import mapped
from scripts.archive.put.checking.places import MissingError, Place, problem, readable
from scripts.archive.put.checking.spelling import Resolve
from scripts.archive.put.checking.walk import files_below
from scripts.archive.shares import PathError

_ROWS = 1000  # that are looked up at once


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a list is refused.

    Args:
        line: the row's first line in the list; None for what is not in the list.
        path: as people know it.
        missing: the key, where the problem is that nothing is there.
    """

    line: int | None
    path: str
    reason: str
    remedy: str
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file that a row names, itself or through its folder."""

    line: int
    place: Place


@dataclass(frozen=True, slots=True)
class Link:
    """A link or junction in a folder; it is not followed."""

    line: int
    path: str


@dataclass(frozen=True, slots=True)
class EmptyFolder:
    """A row names a folder in which there is nothing to archive."""

    line: int
    path: str


Named = File | Problem | Link | EmptyFolder


def named(rows: Iterable[Row], resolve: Resolve, pool: Executor) -> Iterator[Named]:
    """Everything that the rows name.

    Args:
        rows: of the list; what is wrong with the list itself becomes a problem, too.
        resolve: finds what a written path names.
        pool: looks up several rows at once.
    """
    broken: list[Problem] = []
    for batch in batched(_until_broken(rows, broken), _ROWS):
        places = mapped(pool, partial(_place, resolve), batch)
        for row, place in zip(batch, places, strict=True):
            yield from _of_row(row, place)
    yield from broken


def _until_broken(rows: Iterable[Row], broken: list[Problem]) -> Iterator[Row]:
    try:
        yield from rows
    except ListError as error:
        broken.append(Problem(error.line, str(error.path), error.reason, error.remedy))


def _place(resolve: Resolve, row: Row) -> Place | PathError:
    """The first of the paths a row may mean that is there."""
    try:
        first, *others = lists.written(row)
    except PathError as error:
        return error
    found = resolve(first)
    for path in others:
        if isinstance(found, Place):
            break
        found = resolve(path)
    if row.name is not None and isinstance(found, Place) and found.is_folder:
        remedy = "フォルダーはディレクトリパスの列に書き、ファイル名を空にしてください"
        return PathError("ファイル名の列にフォルダーが書かれています", remedy)
    return found


def _of_row(row: Row, place: Place | PathError) -> Iterator[Named]:
    if isinstance(place, PathError):
        path = row.directory if row.name is None else rf"{row.directory}\{row.name}"
        missing = place.key if isinstance(place, MissingError) else None
        yield Problem(row.line, path, place.reason, place.remedy, missing)
    elif place.is_folder:
        yield from _in_folder(row.line, place)
    else:
        yield File(row.line, place)


def _in_folder(line: int, folder: Place) -> Iterator[Named]:
    nothing = True
    for found in files_below(folder):
        nothing = False
        yield _below(line, found)
    if nothing:
        yield EmptyFolder(line, shares.unc(folder.key))


def _below(line: int, found: Place | tuple[str, PathError]) -> Named:
    if not isinstance(found, Place):
        key, wrong = found
        return Problem(line, shares.unc(readable(key)), wrong.reason, wrong.remedy)
    path = shares.unc(readable(found.key))
    if found.is_link:
        return Link(line, path)
    refused = problem(found)
    if refused is not None:
        return Problem(line, path, refused.reason, refused.remedy)
    return File(line, found)
