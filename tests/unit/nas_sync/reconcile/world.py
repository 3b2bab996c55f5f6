"""A share that is transferred, scanned, indexed and archived by the steps themselves.

Only extraction is played: tests say what it gave.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from opensearchpy import OpenSearch

from nas_sync import keys, reasons
from nas_sync.catalogue.table import Table
from nas_sync.deleted import archiving
from nas_sync.deleted.archiving import Estate
from nas_sync.indexing import indexing
from nas_sync.reconcile import reconciling
from nas_sync.reconcile.reconciling import Places
from nas_sync.records import Result, Work, file_id
from nas_sync.scan import scanning
from nas_sync.scan.batches import Scan
from nas_sync.scan.scanning import Request
from nas_sync.scan.settings import Settings
from nas_sync.settings import Common, SearchSettings
from nas_sync.store import Store
from tests.unit.nas_sync.estate import ARCHIVE, BUCKET, REGION, TABLE, buckets_and_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

NOW = datetime(2026, 12, 1, tzinfo=UTC)
_VECTOR = base64.b64encode(b"\0\0\0\0" * 2047 + b"\0\0\x80\x3f").decode()


@dataclass(frozen=True)
class World:
    """Everything that a batch touches."""

    s3: S3Client
    dynamodb: DynamoDBClient
    search: OpenSearch
    alias: str
    began: datetime

    @property
    def store(self) -> Store:
        return Store(self.s3, BUCKET)

    @property
    def indices(self) -> SearchSettings:
        return SearchSettings("", REGION, f"{self.alias}-files", f"{self.alias}-images")

    @property
    def places(self) -> Places:
        return Places(self.store, self.search, self.indices, self.dynamodb, TABLE)

    def hold(self, files: Mapping[str, str]) -> None:
        """Transfer these files, and no others."""
        for key in list(self.store.keys(keys.DATA)):
            if key.removeprefix(keys.DATA) not in files:
                self.s3.delete_object(Bucket="raw", Key=key)
        for path, content in files.items():
            self.s3.put_object(Bucket="raw", Key=keys.DATA + path, Body=content.encode())

    def scan(self, number: int, *, detects: bool = True, **request: Any) -> Scan:
        told = Settings(Common("local", "INFO", "raw"), 100, detects, work_file_size=2)
        asked = Request(f"arn:aws:datasync:::execution/exec-{number}", "manual", **request)
        return scanning.scan(self.store, told, asked, self.began + timedelta(days=number))

    def extract(self, scan: Scan, bad: Mapping[str, str] | None = None, upto: int = 10**9) -> None:
        """Write results of all work files; some files are bad for a reason."""
        for item in self.store.read_json(scan["extract_key"]):
            rows: Any = list(self.store.lines(item["work"]))[:upto]
            if rows:
                self._write(scan["batch"], keys.name_of(item["work"]), rows, bad or {})

    def _write(self, batch: str, name: str, rows: list[Work], bad: Mapping[str, str]) -> None:
        results = [_result(row, bad.get(row["key"].removeprefix(keys.DATA))) for row in rows]
        problems = [
            {name: value for name, value in result.items() if name in _OF_PROBLEMS}
            for result in results
            if result["status"] != "indexed"
        ]
        if problems:
            self.store.write_lines(keys.problems(batch, name, 0, len(rows)), problems)
        self.store.write_lines(keys.result(batch, name, 0, len(rows)), results)

    def index(self, scan: Scan) -> None:
        places = indexing.Places(
            self.store, self.search, self.table, self.indices, "//nas/", chunk=50
        )
        for item in self.store.read_json(scan["index_key"]):
            indexing.index(places, scan["batch"], item["work"], NOW)

    def archive(self, scan: Scan) -> None:
        archive = Store(self.s3, ARCHIVE)
        estate = Estate(
            *(self.store, archive, self.table, self.search, self.indices), time_left=lambda: 900
        )
        while not archiving.archive(estate, scan["batch"])["done"]:
            pass

    @property
    def table(self) -> Table:
        return Table(self.dynamodb, TABLE, lambda _: None)

    def batch(self, number: int, bad: Mapping[str, str] | None = None, **request: Any) -> Scan:
        """Everything but the reconciliation."""
        scan = self.scan(number, **request)
        self.extract(scan, bad)
        self.index(scan)
        self.archive(scan)
        return scan

    def reconcile(self, scan: Scan) -> dict[str, Any]:
        return reconciling.reconcile(self.places, scan, NOW)

    def rows(self, key: str) -> list[Any]:
        return list(self.store.lines(key))

    def item(self, path: str) -> dict[str, Any]:
        """A file's item in DynamoDB."""
        key: Any = {"file_id": {"S": file_id(keys.DATA + path)}}
        return dict(self.dynamodb.get_item(TableName=TABLE, Key=key)["Item"])

    def differences(self, scan: Scan) -> dict[tuple[str, str], str]:
        """What differs, by path and place."""
        found = self.rows(keys.report(scan["batch"], keys.DIFFERENCES))
        return {(row["key"].removeprefix(keys.DATA), row["where"]): row["what"] for row in found}


_OF_PROBLEMS = ("key", "status", "reason", "detail")


def _result(row: Work, reason: str | None) -> Result:
    result: Result = {
        "key": row["key"],
        "size": row["size"],
        "etag": row["etag"],
        "status": reasons.status_of(reason) if reason else "indexed",
        "nas_path": "//nas/" + row["key"],
        "modified": "2026-11-01T00:00:00Z",
    }
    if reason:
        return {**result, "reason": reason, "detail": f"it is {reason}"}
    if row["kind"] == "image":
        return {**result, "vector": _VECTOR, "width": 2, "height": 3}
    return {**result, "text": "見積書"} if row["kind"] == "document" else result


def build(search: OpenSearch, alias: str, began: datetime) -> World:
    """Make buckets and table; inside of moto."""
    return World(*buckets_and_table(), search, alias, began)
