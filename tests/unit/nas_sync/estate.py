"""A raw bucket with scanned and extracted files, a table, and indices of one's own."""

from __future__ import annotations

import base64
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

import boto3
from opensearchpy import OpenSearch

from nas_sync import keys
from nas_sync.catalogue.table import Table
from nas_sync.indexing.indexing import Places
from nas_sync.records import Outcome, Result, Work, file_id, kind_of
from nas_sync.settings import SearchSettings
from nas_sync.store import Store

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

REGION: Final = "ap-northeast-1"
BUCKET = "raw"
ARCHIVE = "archive"
TABLE = "file_metadata"
BATCH = "exec-0123456789abcdef0"
ARN = f"arn:aws:datasync:ap-northeast-1:123456789012:task/task-0/execution/{BATCH}"
VERSION = 1_764_522_000_000  # 2025-11-30T17:00:00Z


@dataclass(frozen=True)
class Estate:
    """What a step finds, and what tests look at afterwards."""

    s3: S3Client
    dynamodb: DynamoDBClient
    search: OpenSearch
    alias: str
    sleeps: list[float] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return Store(self.s3, BUCKET)

    @property
    def table(self) -> Table:
        return Table(self.dynamodb, TABLE, self.sleeps.append)

    @property
    def indices(self) -> SearchSettings:
        return SearchSettings("", REGION, f"{self.alias}-files", f"{self.alias}-images")

    def places(self, **changes: Any) -> Places:
        """What the step is given."""
        values = {
            "store": self.store,
            "search": self.search,
            "table": self.table,
            "indices": self.indices,
            "nas_location": "//nas/share/",
            "chunk": 500,
        }
        return Places(**{**values, **changes})

    def scanned(self, batch: str = BATCH, version: int = VERSION) -> None:
        """Let a batch be scanned."""
        scan = {"batch": batch, "sync_batch_id": ARN, "version": version, "previous": None}
        self.store.write_json(keys.scan(batch), scan)

    def work(self, rows: Sequence[Work], kind: str = "document", batch: str = BATCH) -> str:
        """Write a work file; its key."""
        key = keys.work(batch, kind, 1)
        self.store.write_lines(key, rows)
        return key

    def results(self, work: str, results: Sequence[Result], begin: int = 0) -> None:
        """Write a part of a work file's results."""
        end = begin + len(results)
        self.store.write_lines(keys.result(BATCH, keys.name_of(work), begin, end), results)

    def documents(self, which: str = "files") -> dict[str, dict[str, Any]]:
        """All documents by path."""
        alias = f"{self.alias}-{which}"
        self.search.indices.refresh(index=alias)
        hits = self.search.search(index=alias, body={"size": 1000})["hits"]["hits"]
        return {hit["_source"]["file_path"]: {"_id": hit["_id"], **hit["_source"]} for hit in hits}

    def item(self, key: str) -> dict[str, Any] | None:
        """A file's item in DynamoDB, as plain values."""
        answer = self.dynamodb.get_item(TableName=TABLE, Key={"file_id": {"S": file_id(key)}})
        if "Item" not in answer:
            return None
        return {name: next(iter(value.values())) for name, value in answer["Item"].items()}

    def outcomes(self, work: str, batch: str = BATCH) -> dict[str, Outcome]:
        """What a step noted, by key."""
        lines = self.store.lines(keys.indexed(batch, keys.name_of(work)))
        return {line["key"]: cast("Outcome", line) for line in lines}


def build(search: OpenSearch, alias: str) -> Estate:
    """Make buckets and table; inside of moto."""
    return Estate(*buckets_and_table(), search, alias)


def buckets_and_table() -> tuple[S3Client, DynamoDBClient]:
    """Make what Terraform makes; inside of moto. What reaches it."""
    s3, dynamodb = boto3.client("s3"), boto3.client("dynamodb")
    for bucket in (BUCKET, ARCHIVE):
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "file_id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "file_id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return s3, dynamodb


def row(path: str, **changes: Any) -> Work:
    """A line of a work file."""
    key = f"{keys.DATA}{path}"
    line = {"key": key, "size": 10, "etag": "e1", "kind": kind_of(key), "change": "new"}
    return cast("Work", {**line, **changes})


def result(path: str, **changes: Any) -> Result:
    """What was read of a file."""
    key = f"{keys.DATA}{path}"
    known = {
        "key": key,
        "size": 10,
        "etag": "e1",
        "status": "indexed",
        "nas_path": f"//nas/share/{path}",
        "modified": "2025-11-01T00:00:00Z",
    }
    return cast("Result", {**known, **changes})


def vector(*numbers: float) -> str:
    """A vector that begins with these numbers, as results hold it."""
    return base64.b64encode(array("f", [*numbers, *[0.0] * (2048 - len(numbers))])).decode()
