"""Brings ready objects to the destination, several at once."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from obstore.exceptions import BaseError

from batchworks.logs import mask
from scripts.archive import checksum, store_errors
from scripts.archive.collect.download import WrongContentError, download
from scripts.archive.collect.naming import candidates
from scripts.archive.collect.outcomes import Outcome, Status
from scripts.archive.collect.placing import place
from scripts.archive.halt import Halt
from scripts.archive.parallel import unordered
from scripts.archive.restore_list.selection import Item

if TYPE_CHECKING:
    from obstore.store import S3Store

WORKERS = 16
STAGE = "collect"
_FULL = (errno.ENOSPC, errno.EDQUOT)
_THIS_FILE_ONLY = (errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.EFBIG)
_OF_ONE_OBJECT = {
    "ChecksumMismatch", "InvalidObjectState", "NoSuchKey", "NoSuchVersion",
    *(errno.errorcode[number] for number in _THIS_FILE_ONLY),
}  # fmt: skip
"""Codes of failures that say nothing about other objects."""

Results = list[tuple[Item, Outcome]]


@dataclass
class Destination:
    """Where files go.

    Args:
        folder: gets them.
        work: hidden folder on the same file system, in which they grow.
    """

    folder: Path
    work: Path
    _claimed: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def claim(self, name: str) -> bool:
        """Take a name for one item of this run; False if another has it."""
        with self._lock:
            if name in self._claimed:
                return False
            self._claimed.add(name)
            return True

    def release(self, name: str) -> None:
        """Give a name back."""
        with self._lock:
            self._claimed.discard(name)


def bring(
    store: S3Store,
    items: Iterable[Item],
    destination: Destination,
    on_bytes: Callable[[int], None],
) -> Iterator[tuple[Item, Outcome]]:
    """Bring each object; once an error would meet all of them, the rest isn't tried.

    Args:
        items: those of one name follow each other, in an order that is the same in every run, so
            that every run gives them the same names; read as they are needed.
        on_bytes: told how many bytes came, as they come; called by several threads.
    """
    halt = Halt()

    def same_name(group: list[Item]) -> Results:
        return [(item, one(item)) for item in group]

    def one(item: Item) -> Outcome:
        if halt.cause:
            _, code, message = halt.cause
            return Outcome(Status.FAILED, f"中止しました: {message}", code)
        outcome = _bring(store, item, destination, on_bytes)
        _tell(halt, outcome)
        return outcome

    groups = (list(group) for _, group in groupby(items, key=lambda item: item.name))
    with ThreadPoolExecutor(WORKERS) as pool:
        for results in unordered(pool, same_name, groups, ahead=WORKERS * 2):
            yield from results


def _tell(halt: Halt, outcome: Outcome) -> None:
    if outcome.systemic:
        halt.now(STAGE, outcome.code, outcome.detail)
    elif outcome.status is Status.FAILED:
        if outcome.code not in _OF_ONE_OBJECT:
            halt.failed(STAGE, outcome.code, outcome.detail)
    else:
        halt.succeeded()


def _bring(
    store: S3Store, item: Item, destination: Destination, on_bytes: Callable[[int], None]
) -> Outcome:
    file = destination.work / str(item.number)
    try:
        if name := _name(item, destination, None):
            return Outcome(Status.ALREADY, name)
        download(store, item, file, on_bytes)
        name = _name(item, destination, file)
        return Outcome(Status.COLLECTED if not file.exists() else Status.ALREADY, name)
    except WrongContentError:
        return Outcome(
            Status.FAILED,
            "内容がアーカイブ時と一致しません（置き換えられたか壊れています）。配置しませんでした。"
            "archive reconcile を実行し、管理者に連絡してください",
            "ChecksumMismatch",
        )
    except BaseError as error:
        code, message = store_errors.said(error)
        return Outcome(Status.FAILED, f"取り出せません: {mask(message)}", code)
    except OSError as error:
        return _unwritable(error, destination.folder)
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _name(item: Item, destination: Destination, file: Path | None) -> str:
    """The name under which the object is at the destination.

    Without a file it is looked for, and the answer is empty if it isn't there. With one, that is
    placed, unless another run has placed the same meanwhile.
    """
    for name in candidates(item.name, item.archived_at):
        if not destination.claim(name):
            continue
        path = destination.folder / name
        if file and place(file, path):
            return name
        if _is_same(path, item):
            return name
        destination.release(name)
        if not file and not path.is_symlink() and not path.exists():
            return ""
    raise AssertionError("there is always a next name")


def _is_same(path: Path, item: Item) -> bool:
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size != item.size:
            return False
        return checksum.of_file(path, item.part_size) == item.sha256
    except (FileNotFoundError, PermissionError):
        return False


def _unwritable(error: OSError, folder: Path) -> Outcome:
    code = errno.errorcode.get(error.errno or 0, "OSError")
    if error.errno in _FULL:
        reason = f"{folder} の空き容量がありません。空けてから同じコマンドを再実行してください"
        return Outcome(Status.FAILED, reason, code, systemic=True)
    if error.errno in _THIS_FILE_ONLY:
        return Outcome(Status.FAILED, f"この名前では配置できません: {error.strerror}", code)
    reason = f"{folder} に書き込めません（{error.strerror}）。権限と接続を確認してください"
    return Outcome(Status.FAILED, reason, code, systemic=True)
