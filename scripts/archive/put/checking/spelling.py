"""Finding what a list names, in the spelling that is on disk."""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from scripts.archive import shares
from scripts.archive.put.checking.places import (
    CHECK_THE_PATH,
    MissingError,
    Place,
    explain,
    problem,
    readable,
    too_long,
)
from scripts.archive.shares import KEY_LIMIT, PathError, Shares

_FOLDERS = 10_000  # folders that are remembered: rows below the same one look once
_LISTINGS = 2  # listings that are remembered, each as large as its folder

Listing = dict[str, list[str]]
Resolve = Callable[[str], Place | PathError]


def resolver(known: Shares) -> Resolve:
    """A function that finds what a written path names, or says why it can't be archived.

    A name that is there only in the other normal form (NFC, NFD), or in other letters on a file
    system to which they are the same, is found and spelled as it is there. Threads may share it.

    Args:
        known: the shares this host can reach.
    """
    listing = lru_cache(_LISTINGS)(_listing)
    root = lru_cache(lambda share: _root(known, share))

    @lru_cache(_FOLDERS)
    def folder(key: str, local: str, name: str) -> Place | PathError:
        return _child(key, local, name, listing)

    def find(written: str) -> Place:
        key = known.key(written)
        if len(_canonically(key).encode()) > KEY_LIMIT:
            raise too_long(key)
        server, share, *rest = key.split("/")
        place = root(f"{server}/{share}")
        for name in rest[:-1]:
            place = _certain(folder(place.key, place.local, name))
            if not place.is_folder:
                raise PathError(
                    f"{shares.unc(place.key)} はフォルダーではありません", CHECK_THE_PATH
                )
        return _certain(_child(place.key, place.local, rest[-1], listing)) if rest else place

    def resolve(written: str) -> Place | PathError:
        try:
            return find(written)
        except PathError as error:
            return error

    return resolve


def _root(known: Shares, key: str) -> Place:
    local = str(known.local(key))
    try:
        return Place(key, local, os.stat(local))  # noqa: PTH116 - as in the other lookups
    except OSError as error:
        reason = f"共有のマウント先 {local} を開けません（{error.strerror}）"
        raise PathError(reason, "共有がマウントされているか確認してください") from error


def _certain(found: Place | PathError) -> Place:
    if isinstance(found, PathError):
        raise found.with_traceback(None)  # it is remembered, and would keep every way it took
    if found.is_link:
        reason = f"{shares.unc(found.key)} はリンクです（リンク先はアーカイブしません）"
        raise PathError(reason, "リンク先の実際のパスを書いてください")
    if wrong := problem(found):
        raise wrong
    return found


def _child(key: str, local: str, name: str, listing: Callable[[str], Listing]) -> Place | PathError:
    try:
        place = _place(key, local, name)
        if place is not None and not _has_alias(place, local, name):
            return place
        names = listing(local).get(_loosely(name), [])
    except OSError as error:
        return explain(error)
    alike = _canonically if place is None else _ignoring_case
    there = [other for other in names if alike(other) == alike(name)]
    if name in there:
        return place or _missing(key, name, names)
    if len(there) > 1:
        reason = f"{shares.unc(key)} に「{name}」と見分けのつかない名前が複数あります"
        return PathError(reason, "フォルダーごと指定するか、名前を変更してください")
    return (_place(key, local, there[0]) if there else None) or _missing(key, name, names)


def _place(key: str, local: str, name: str) -> Place | None:
    path = os.path.join(local, name)  # noqa: PTH118 - a Path per name of 20,000 costs seconds
    try:
        return Place(f"{key}/{name}", path, os.lstat(path))
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL):
            return None
        raise


def _has_alias(place: Place, local: str, name: str) -> bool:
    """Whether other letters name the same thing, so that the list's may not be those on disk."""
    for other in {name.swapcase(), _canonically(name), unicodedata.normalize("NFD", name)} - {name}:
        found = _place(place.key, local, other)
        if found and os.path.samestat(found.status, place.status):
            return True
    return False


def _missing(key: str, name: str, similar: list[str]) -> PathError:
    reason = f"{shares.unc(key)} に「{name}」がありません"
    if not similar:
        return MissingError(reason, CHECK_THE_PATH, f"{key}/{name}")
    names = "、".join(f"「{readable(other)}」" for other in similar[:3])
    remedy = f"よく似た名前 {names} があります。リストを直してください"
    return MissingError(reason, remedy, f"{key}/{name}")


def _listing(local: str) -> Listing:
    names: Listing = {}
    with os.scandir(local) as entries:
        for entry in entries:
            names.setdefault(_loosely(entry.name), []).append(entry.name)
    return names


def _canonically(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _ignoring_case(name: str) -> str:
    return _canonically(_canonically(name).casefold())


def _loosely(name: str) -> str:
    """What is left of a name when everything is ignored that people overlook."""
    return unicodedata.normalize("NFKC", name.replace("〜", "~")).casefold().strip(" .")
