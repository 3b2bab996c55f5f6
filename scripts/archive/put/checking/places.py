"""What is on disk, and what of it can't be archived."""

from __future__ import annotations

import errno
import os
import re
import stat
from dataclasses import dataclass

from scripts.archive.put.sending.parts import LARGEST
from scripts.archive.shares import KEY_LIMIT, PathError

CHECK_THE_PATH = "パスを確認してください"
_NAME_SURROGATE = 0x20000000
"""The bit of a reparse tag that tells links and junctions from files that are merely stored
otherwise, such as deduplicated ones.

Source: https://learn.microsoft.com/windows/win32/fileio/reparse-point-tags
"""
_LOCKED = {32, 33}
"""Another program has the file, or a part of it, locked.

Source: https://learn.microsoft.com/windows/win32/debug/system-error-codes--0-499-
"""
_BUSY = {errno.EBUSY, errno.ETXTBSY}  # what Linux makes of that on a mounted share


@dataclass(frozen=True, slots=True)
class Place:
    """Something on disk.

    Args:
        key: `server/share/…`, spelled as on disk.
        local: where it is on this host.
        status: of itself, not of what a link leads to.
    """

    key: str
    local: str
    status: os.stat_result

    @property
    def is_folder(self) -> bool:
        """Whether it holds files."""
        return stat.S_ISDIR(self.status.st_mode)

    @property
    def is_link(self) -> bool:
        """Whether it is a link or a junction, which leads elsewhere."""
        tag: int = getattr(self.status, "st_reparse_tag", 0)
        return stat.S_ISLNK(self.status.st_mode) or bool(tag & _NAME_SURROGATE)


class MissingError(PathError):
    """Nothing is there; `key` is what was looked for."""

    def __init__(self, reason: str, remedy: str, key: str) -> None:
        super().__init__(reason, remedy)
        self.key = key


def problem(place: Place) -> PathError | None:
    """Why a place that is no link can't be archived; None where it can."""
    name = place.key.rpartition("/")[2]
    if not _is_unicode(name):
        reason, remedy = "名前に文字として読めないバイトがあります", "名前を変更してください"
    elif "\\" in name or re.search(r"[\0-\x1f\x7f]", name):
        reason = r"名前に \ または制御文字（改行など）が含まれています"
        remedy = "名前を変更してください"
    elif len(place.key.encode()) > KEY_LIMIT:
        return too_long(place.key)
    elif not (place.is_folder or stat.S_ISREG(place.status.st_mode)):
        reason = "ファイルでもフォルダーでもありません（パイプ、ソケット、デバイス）"
        remedy = "リストから外すか、別の場所に移してください"
    elif place.status.st_size > LARGEST:
        reason = f"ファイルが大きすぎます（S3 の上限は {LARGEST // 1024**4} TB です）"
        remedy = "分割してください"
    else:
        return None
    return PathError(reason, remedy)


def too_long(key: str) -> PathError:
    """What to say of a key that S3 doesn't take."""
    length = len(key.encode())
    return PathError(
        f"パスが長すぎます（UTF-8 で {length:,} バイト、S3 の上限は {KEY_LIMIT:,} バイト）",
        "フォルダー名かファイル名を短くしてください",
    )


def explain(error: OSError) -> PathError:
    """What to say of an error of the system."""
    if error.errno in _BUSY or getattr(error, "winerror", None) in _LOCKED:
        remedy = "ファイルを閉じてもらってから、もう一度実行してください"
        return PathError("ほかのプログラムで使用中です", remedy)
    if isinstance(error, PermissionError):
        remedy = "このコマンドを実行するユーザーに読み取り権限を付けてください"
        return PathError("読み取る権限がありません", remedy)
    if isinstance(error, FileNotFoundError):
        return PathError("確認している間になくなりました", CHECK_THE_PATH)
    reason = f"読み取れません（{error.strerror}）"
    return PathError(reason, "ファイルサーバーの状態を確認してください")


def readable(key: str) -> str:
    """A key as people can read it, even where a name is no Unicode."""
    return key if _is_unicode(key) else os.fsencode(key).decode("utf-8", "backslashreplace")


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
