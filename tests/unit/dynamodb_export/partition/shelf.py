"""A bucket with exports in it, and runs of the partition manager that can be killed."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import boto3

from dynamodb_export import keys
from dynamodb_export.native import ledger_store
from dynamodb_export.native.ledger import Export, ExportType, Ledger, Status
from dynamodb_export.partition import partitioning
from dynamodb_export.partition.report import Report

BUCKET = "data"
DAY = date(2026, 2, 28)
NOON = datetime(2026, 2, 28, 12, tzinfo=UTC)


class Killed(BaseException):
    """Nothing of this process goes on."""


@dataclass(frozen=True)
class Native:
    """An export that DynamoDB made."""

    table: str
    id: str
    incremental: bool = False
    verified: bool = True
    files: tuple[bytes, ...] = (b"one", b"two")
    day: date = DAY

    @property
    def prefix(self) -> str:
        return keys.native_prefix(self.table, self.day)

    @property
    def folder(self) -> str:
        return f"{self.prefix}/AWSDynamoDB/{self.id}/"

    def data_keys(self) -> list[str]:
        """Where its data are: incremental exports of a prefix share a folder."""
        folder = f"{self.prefix}/AWSDynamoDB/" if self.incremental else self.folder
        return [f"{folder}data/{self.id}-{n}.json.gz" for n in range(len(self.files))]


@dataclass
class Shelf:
    """The bucket."""

    s3: Any = field(default_factory=lambda: boto3.client("s3"))
    calls: int = 0
    last: int | None = None  # how many calls the process lives to do
    on_call: Callable[[str, dict[str, Any]], None] = lambda _name, _request: None
    _counting: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        where = {"LocationConstraint": "ap-northeast-1"}
        self.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=where)
        self.s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        self.own = boto3.client("s3")
        self.own.meta.events.register("before-call.s3", self._before)

    def put(self, key: str, content: bytes, **settings: Any) -> None:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=content, **settings)

    def put_in_parts(self, key: str, *parts: bytes, **settings: Any) -> str:
        """Upload an object as scans and DynamoDB do; its ETag."""
        where = {"Bucket": BUCKET, "Key": key}
        upload = self.s3.create_multipart_upload(**where, **settings)["UploadId"]
        named = [
            {
                "PartNumber": number,
                "ETag": self.s3.upload_part(**where, UploadId=upload, PartNumber=number, Body=part)[
                    "ETag"
                ],
            }
            for number, part in enumerate(parts, 1)
        ]
        answer = self.s3.complete_multipart_upload(
            **where, UploadId=upload, MultipartUpload={"Parts": named}
        )
        return str(answer["ETag"])

    def scan(self, table: str, content: bytes, day: date = DAY) -> str:
        """What a scan wrote; its key."""
        key = f"{keys.day_prefix(day)}{table}.json"
        self.put(key, content)
        return key

    def native(self, export: Native) -> None:
        """What DynamoDB wrote, and what the ledger knows of it."""
        self.put(f"{export.folder}_started", b"")
        lines = []
        for key, content in zip(export.data_keys(), export.files, strict=True):
            etag = self.put_in_parts(key, content).strip('"')
            lines.append({"itemCount": 1, "etag": etag, "dataFileS3Key": key})
        files = "".join(json.dumps(line) + "\n" for line in lines).encode()
        summary = json.dumps({"exportArn": f"arn:x/{export.id}", "itemCount": len(lines)}).encode()
        for name, content in (("files", files), ("summary", summary)):
            digest = hashlib.md5(content, usedforsecurity=False).digest()
            self.put(f"{export.folder}manifest-{name}.json", content)
            self.put(f"{export.folder}manifest-{name}.md5", base64.b64encode(digest))
        status = Status.VERIFIED if export.verified else Status.STARTED
        entry = Export(
            ExportType.FULL, None, NOON, export.day, False, NOON, status=status,
            arn=f"arn:x/{export.id}",
        )  # fmt: skip
        ledger_store.update(
            self.s3, BUCKET, export.table, lambda it: Ledger(it.table, (*it.exports, entry))
        )

    def run(self, **settings: Any) -> Report:
        """Run once, in this process."""
        return partitioning.partition(self.own, BUCKET, **settings)

    def run_killed(self, call: int) -> bool:
        """Run until a call, which isn't made any more; whether there was one."""
        self.calls, self.last = 0, call
        try:
            self.run()
        except Killed:
            return True
        finally:
            self.last = None
        return False

    def names(self, prefix: str = "raw/") -> set[str]:
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return {each["Key"] for page in pages for each in page.get("Contents", [])}

    def content(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return content

    def contents(self, prefix: str = "raw/") -> dict[str, bytes]:
        return {key: self.content(key) for key in self.names(prefix)}

    def empty(self) -> None:
        """Remove every object and version."""
        for page in self.s3.get_paginator("list_object_versions").paginate(Bucket=BUCKET):
            found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
            named = [{name: each[name] for name in ("Key", "VersionId")} for each in found]
            if named:
                self.s3.delete_objects(Bucket=BUCKET, Delete={"Objects": named})

    def _before(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        with self._counting:
            self.calls += 1
            if self.last is not None and self.calls >= self.last:
                raise Killed
        self.on_call(model.name, params)


def partitioned(key: str) -> str:
    """Where a key below `dt=` belongs."""
    found = keys.exported(key)
    assert found
    return keys.partitioned(found)
