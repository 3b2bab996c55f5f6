"""A raw bucket with files in it, and work on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from nas_sync import keys
from nas_sync.records import Kind, Result, Work
from nas_sync.store import Store

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BATCH = "exec-0123456789abcdef0"
WORK = keys.work(BATCH, "document", 1)
NAME = keys.name_of(WORK)


@dataclass(frozen=True)
class Bucket:
    """The raw bucket, as a scan leaves it."""

    store: Store

    def put(
        self,
        name: str,
        body: bytes,
        metadata: Mapping[str, str] | None = None,
        kind: Kind = "document",
    ) -> Work:
        """Put a file into it; what a work file says of it."""
        key = f"{keys.DATA}{name}"
        answer = self.store.s3.put_object(
            Bucket="raw", Key=key, Body=body, Metadata=dict(metadata or {})
        )
        etag = answer["ETag"].strip('"')
        return {"key": key, "size": len(body), "etag": etag, "kind": kind, "change": "new"}

    def plan(self, *rows: Work) -> None:
        """Write the work file."""
        self.store.write_lines(WORK, rows)

    def results(self) -> list[Result]:
        """What all parts hold, in their order."""
        found: list[Result] = []
        for key in self.store.keys(keys.results(BATCH, NAME)):
            found += self.store.lines(key)  # type: ignore[arg-type]
        return found

    def names(self, prefix: str) -> list[str]:
        """The last parts of the keys below a prefix."""
        return [key.rsplit("/", 1)[-1] for key in self.store.keys(prefix)]


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        s3: S3Client = boto3.client("s3")
        s3.create_bucket(Bucket="raw")
        yield Bucket(Store(s3, "raw"))
