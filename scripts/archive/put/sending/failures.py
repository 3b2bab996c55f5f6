"""Says why an original was not archived: S3's code and message, and what to do; never a secret."""

from __future__ import annotations

import errno

import psycopg2
from botocore.exceptions import BotoCoreError, ClientError
from obstore.exceptions import BaseError as StoreError

from batchworks.logs import mask
from scripts.archive import store_errors
from scripts.archive.put.originals import Original
from scripts.archive.put.outcomes import Failed
from scripts.archive.put.sending.multipart import StoppedError
from scripts.archive.put.sending.present import UnversionedError
from scripts.archive.put.sending.reading import FileChangedError
from scripts.archive.put.sending.upload import ContestedError

AWS_ERRORS = (StoreError, ClientError, BotoCoreError, UnversionedError)
"""May have a cause that concerns every file."""

ERRORS = (*AWS_ERRORS, OSError, FileChangedError, ContestedError, StoppedError, ValueError)
"""What becomes a failure of one file."""

_LONGEST = 300

_OWN = {
    FileChangedError: (
        "FileChanged",
        "確認後または読み取り中に変更されました。保存が終わってからもう一度実行してください",
    ),
    UnversionedError: (
        "NotVersioned",
        "バケットのバージョニングが無効です。有効にしてからもう一度実行してください",
    ),
    ContestedError: (
        "Contested",
        "同じオブジェクトが同時に書き換えられました。もう一度実行してください",
    ),
    StoppedError: ("Stopped", "実行が中断されました。もう一度実行してください"),
}

_SYSTEM = {
    errno.ENOENT: "ファイルがありません。移動または削除されていないか確認してください",
    errno.EACCES: "読み取れません。権限と、ほかのアプリで開かれていないかを確認してください",
    errno.EPERM: "読み取れません。権限と、ほかのアプリで開かれていないかを確認してください",
    errno.EBUSY: "使用中です。閉じてからもう一度実行してください",
    errno.EIO: "読み取り中に入出力エラーが起きました。共有の状態を確認してください",
}


def explain(error: Exception) -> tuple[str, str]:
    """The code and the message of an error.

    Args:
        error: one of `ERRORS`.
    """
    code, message = _explained(error)
    return code, mask(message)[:_LONGEST]


def interrupted(original: Original) -> Failed:
    """What becomes of an original that was not begun when the run was told to stop."""
    message = "実行が中断されたため送っていません。失敗リストで再実行してください"
    return Failed(original, "upload", "Interrupted", message)


def explain_database(error: psycopg2.Error) -> tuple[str, str]:
    """The code and the message of an error of the archive list."""
    code = error.pgcode or type(error).__name__
    return code, mask(f"アーカイブリストに書けません: {error}".strip())[:_LONGEST]


def _explained(error: Exception) -> tuple[str, str]:
    if own := _OWN.get(type(error)):
        return own
    if isinstance(error, ClientError):
        said = error.response["Error"]
        return said["Code"], said["Message"]
    if isinstance(error, StoreError):
        return store_errors.said(error)
    if isinstance(error, OSError):
        name = errno.errorcode.get(error.errno or 0, type(error).__name__)
        return name, _SYSTEM.get(error.errno or 0, error.strerror or str(error))
    if isinstance(error, ValueError):
        return "InvalidName", f"S3 のキーにできない名前です: {error}"
    return type(error).__name__, str(error)
