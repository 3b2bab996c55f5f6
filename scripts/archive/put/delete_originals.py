"""Deletes originals that are archived, one by one, each traceable in a log of its own."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from batchworks.errors import JobError
from scripts.archive import checksum, shares
from scripts.archive.archive_list import Entry
from scripts.archive.clock import now_for_logs
from scripts.archive.put.originals import Original
from scripts.archive.put.sending import failures, reading
from scripts.archive.put.sending.reading import FileChangedError
from scripts.archive.shares import Shares
from scripts.archive.spreadsheet import guard

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

HEADER = ("日時", "パス", "サイズ", "SHA256", "S3キー", "バージョンID", "依頼ID", "結果")
BEFORE = "削除開始"
AFTER = "削除済み"
KEPT = "残しました"


@dataclass(frozen=True)
class Kept:
    """An original that was not deleted.

    Args:
        code: AWS's error code, or the name of the system's error.
        message: why, and what to do.
    """

    original: Original
    code: str
    message: str


def require_versions(s3: S3Client, bucket: str) -> None:
    """Make sure that what replaces an archived object doesn't destroy it.

    Raises:
        JobError: the bucket keeps no versions.
        ClientError: S3 doesn't say.
    """
    if s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled":
        raise JobError(
            f"バケット {bucket} のバージョニングが有効でないため、元ファイルを削除できません。"
            "有効にするか、--delete-originals を付けずに実行してください"
        )


def delete(
    archived: Iterable[tuple[Original, Entry]], s3: S3Client, known: Shares, log: Path
) -> Iterator[Original | Kept]:
    """Delete originals whose rows are committed, and say of each whether it is gone.

    Before each deletion S3 is asked once more for that version and its checksum, the original is
    read once more and compared with it, since a file may be replaced by one of the same size and
    time, and the log says what is about to happen, on disk.

    Args:
        archived: each original with its row; taken one at a time.
        log: a file of this run; lines are added to it.
    """
    with log.open("a", encoding="utf-8-sig", newline="") as stream:
        _write(stream, HEADER)
        for original, entry in archived:
            try:
                _require_object(s3, entry)
                path = known.local(original.key)
                _require_content(path, original, entry)
                _tell(stream, entry, BEFORE)
                path.unlink()
            except _KEEPING as error:
                code, message = _explain(error)
                _tell(stream, entry, f"{KEPT}: {message}")
                yield Kept(original, code, message)
            else:
                _tell(stream, entry, AFTER)
                yield original


class LostError(Exception):
    """The archived object is not what the archive list says."""


class ReplacedError(Exception):
    """The original is not what was archived, though it has the same size and time."""


_KEEPING = (OSError, FileChangedError, ClientError, BotoCoreError, LostError, ReplacedError)


def _require_object(s3: S3Client, entry: Entry) -> None:
    head = s3.head_object(
        Bucket=entry.bucket, Key=entry.key, VersionId=entry.version_id, ChecksumMode="ENABLED"
    )
    if (head["ContentLength"], head.get("ChecksumSHA256")) != (entry.size, entry.sha256):
        raise LostError


def _require_content(path: Path, original: Original, entry: Entry) -> None:
    found = checksum.of_file(path, entry.part_size)
    reading.unchanged(path, original)
    if found != entry.sha256:
        raise ReplacedError


def _explain(error: Exception) -> tuple[str, str]:
    if isinstance(error, LostError):
        return (
            "ObjectDiffers",
            "S3 のオブジェクトがアーカイブリストと一致しません。archive reconcile で調べてください",
        )
    if isinstance(error, ReplacedError):
        return (
            "ContentDiffers",
            "サイズと更新日時は同じですが、中身がアーカイブしたものと違います。"
            "保存し直して更新日時を変えると、新しい版としてアーカイブできます",
        )
    return failures.explain(error)


def _tell(stream: IO[str], entry: Entry, result: str) -> None:
    path = shares.unc(entry.key)
    _write(
        stream,
        (now_for_logs(), path, str(entry.size), entry.sha256, entry.key, entry.version_id,
         entry.request_id, result),
    )  # fmt: skip


def _write(stream: IO[str], cells: Iterable[str]) -> None:
    csv.writer(stream).writerow([guard(cell) for cell in cells])
    stream.flush()
    os.fsync(stream.fileno())
