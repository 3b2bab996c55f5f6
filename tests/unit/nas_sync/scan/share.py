"""A raw bucket whose files and last batch are set by hand, and a model of what a scan finds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast

from botocore.exceptions import ClientError

from nas_sync import keys
from nas_sync.records import Deleted, Entry, Work
from nas_sync.scan import scanning
from nas_sync.scan.batches import Scan
from nas_sync.scan.scanning import Request
from nas_sync.scan.settings import Settings
from nas_sync.settings import Common
from nas_sync.store import Store

NOW = datetime(2026, 12, 1, tzinfo=UTC)
ARN = "arn:aws:datasync:ap-northeast-1:123456789012:task/task-1/execution/exec-2"
COUNTS = ("new", "changed", "retried", "moved", "deleted", "unchanged")


def settings(**changes: Any) -> Settings:
    told = {"brake_percent": 100, "detects_deletions": True, "work_file_size": 3} | changes
    return Settings(common=Common("local", "INFO", "raw"), **told)


def etag(body: bytes) -> str:
    """As S3 gives it to objects that weren't written in parts."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def entry(path: str, content: str, **more: Any) -> Entry:
    """A file with some content."""
    body = content.encode()
    told = {"key": keys.DATA + path, "size": len(body), "etag": etag(body)}
    return cast("Entry", told | more)


@dataclass
class Killed(BaseException):
    """The process died at a call of S3."""


@dataclass
class MemoryS3:
    """As much of S3 as a scan uses, in a dictionary; it may die at its nth call."""

    objects: dict[str, bytes] = field(default_factory=dict)
    lives: int | None = None  # calls that are answered
    meanwhile: dict[str, Callable[[], object]] = field(default_factory=dict)
    """What happens just before a key is written for the first time."""

    def get_object(self, *, Key: str, Range: str, **_: object) -> Any:  # noqa: N803 - boto3's
        self._live()
        if Key not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        body = self.objects[Key]
        begin, end = map(int, Range.removeprefix("bytes=").split("-"))
        if begin >= len(body):
            raise ClientError({"Error": {"Code": "InvalidRange"}}, "GetObject")
        piece = body[begin : end + 1]
        size = f"bytes {begin}-{begin + len(piece) - 1}/{len(body)}"
        return {"Body": _Body(piece), "ETag": '"1"', "ContentRange": size}

    def put_object(self, *, Key: str, Body: bytes, IfNoneMatch: str = "", **_: object) -> Any:  # noqa: N803
        self._live()
        self.meanwhile.pop(Key, lambda: None)()
        if IfNoneMatch and Key in self.objects:
            raise ClientError({"Error": {"Code": "PreconditionFailed"}}, "PutObject")
        self.objects[Key] = Body

    def get_paginator(self, _: str) -> Any:
        return self

    def paginate(self, *, Prefix: str, Delimiter: str = "", **_: object) -> Iterator[Any]:  # noqa: N803
        self._live()
        found = sorted(key for key in self.objects if key.startswith(Prefix))
        if Delimiter:
            folders = sorted({key[len(Prefix) :].split(Delimiter)[0] for key in found})
            yield {"CommonPrefixes": [{"Prefix": f"{Prefix}{name}/"} for name in folders]}
            return
        yield {}
        for key in found:
            body = self.objects[key]
            yield {"Contents": [{"Key": key, "Size": len(body), "ETag": f'"{etag(body)}"'}]}

    def _live(self) -> None:
        if self.lives is not None:
            self.lives -= 1
            if self.lives < 0:
                raise Killed


@dataclass(frozen=True)
class _Body:
    piece: bytes

    def read(self) -> bytes:
        return self.piece


@dataclass
class Share:
    """What lies on the NAS, and what the last batch knew."""

    s3: MemoryS3 = field(default_factory=MemoryS3)

    @property
    def store(self) -> Store:
        return Store(cast("Any", self.s3), "raw")

    def hold(self, files: Mapping[str, str]) -> None:
        """Put these files, and no others, where DataSync does."""
        for key in [key for key in self.s3.objects if key.startswith(keys.DATA)]:
            del self.s3.objects[key]
        for path, content in files.items():
            self.s3.objects[keys.DATA + path] = content.encode()

    def know(self, entries: Iterable[Entry], batch: str = "exec-1", version: int = 1) -> None:
        """Let a batch be the last that was reconciled."""
        rows = sorted(entries, key=lambda row: row["key"])
        self.store.write_lines(keys.reconciled(batch), rows)
        last = {"batch": batch, "sync_batch_id": batch, "version": version, "reconciled_at": ""}
        self.store.write_json(keys.PREVIOUS, last)

    def scan(self, told: Settings | None = None, now: datetime = NOW, **request: Any) -> Scan:
        asked = Request(**{"sync_batch_id": ARN, "batch_type": "manual"} | request)
        return scanning.scan(self.store, told or settings(), asked, now)

    def work(self, batch: str = "exec-2", step: str = "index") -> list[Work]:
        """The lines of all work files of a step."""
        items = self.store.read_json(keys.work_list(batch, step))
        return [row for item in items for row in self.rows(item["work"])]

    def deleted(self, batch: str = "exec-2") -> list[Deleted]:
        return self.rows(keys.deleted(batch))

    def rows(self, key: str) -> list[Any]:
        return list(self.store.lines(key))

    def written(self) -> dict[str, bytes]:
        """Everything but the files themselves."""
        return {k: v for k, v in self.s3.objects.items() if not k.startswith(keys.DATA)}
