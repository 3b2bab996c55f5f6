"""Keeps the CSV files of each day in S3 or, without a bucket, in a local folder."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

from batchworks.errors import JobError
from sync_batch import tables

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Store(Protocol):
    """Files by key. A file that is put is there completely or not at all."""

    def get(self, key: str, file: Path) -> bool:
        """Copy what is stored under a key into a file. False when there is nothing."""

    def put(self, key: str, file: Path) -> None:
        """Store a file's content under a key, in place of what was there."""

    def address(self, key: str) -> str:
        """Where a person finds it."""


def open_store(bucket: str | None, folder: Path) -> Store:
    """The store of a bucket, or of a folder when there is no bucket."""
    if bucket is None:
        return FolderStore(folder)
    import boto3  # noqa: PLC0415 - 200 ms that a folder needn't pay

    return S3Store(boto3.client("s3"), bucket)


def add(store: Store, day: date, folder: Path) -> str:
    """Add a run's files to what is stored for the day: runs of a day add up, the newest row wins.

    Args:
        store: where the day's files are kept.
        day: the day, Asia/Tokyo.
        folder: holds one CSV file per table.

    Returns:
        Where the day's files are.

    Raises:
        JobError: the store can't be read or written, or holds other files under these names.
    """
    prefix = f"raw/youtube/dt={day:%Y-%m-%d}/"
    with TemporaryDirectory() as workplace:
        stored, united = Path(workplace, "stored.csv"), Path(workplace, "united.csv")
        for table in tables.TABLES:
            key, new = prefix + table.file_name, folder / table.file_name
            if store.get(key, stored):
                tables.unite(table, stored, new, united)
                store.put(key, united)
            else:
                store.put(key, new)
    return store.address(prefix)


@dataclass(frozen=True)
class FolderStore:
    """Files below a folder."""

    folder: Path

    def get(self, key: str, file: Path) -> bool:
        try:
            shutil.copyfile(self.folder / key, file)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise JobError(f"CSV_FOLDER: {self.folder / key} can't be read: {error}") from error
        return True

    def put(self, key: str, file: Path) -> None:
        target = self.folder / key
        half = target.with_suffix(".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, half)
            half.replace(target)
        except OSError as error:
            raise JobError(
                f"CSV_FOLDER: {target} can't be written: {error}. "
                "Give a folder this user may write to, with room"
            ) from error

    def address(self, key: str) -> str:
        return str(self.folder / key)


@dataclass(frozen=True)
class S3Store:
    """Objects of a bucket."""

    client: S3Client
    bucket: str

    def get(self, key: str, file: Path) -> bool:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            answer = self.client.get_object(Bucket=self.bucket, Key=key)
            with file.open("wb") as out:
                shutil.copyfileobj(answer["Body"], out)
        except self.client.exceptions.NoSuchKey:
            return False
        except (BotoCoreError, ClientError) as error:
            raise self._failure(key, "read", "s3:GetObject and s3:ListBucket", error) from error
        return True

    def put(self, key: str, file: Path) -> None:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

        try:
            with file.open("rb") as content:
                self.client.put_object(
                    Bucket=self.bucket, Key=key, Body=content, ContentType="text/csv; charset=utf-8"
                )
        except (BotoCoreError, ClientError) as error:
            raise self._failure(key, "written", "s3:PutObject", error) from error

    def address(self, key: str) -> str:
        return f"s3://{self.bucket}/{key}"

    def _failure(self, key: str, verb: str, actions: str, error: Exception) -> JobError:
        return JobError(
            f"CSV_BUCKET: {self.address(key)} can't be {verb}: {error}. "
            f"Does the bucket exist, and may this role {actions} in it?"
        )
