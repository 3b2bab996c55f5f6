"""What a bucket has, as a report of S3 Inventory tells.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from batchworks.errors import JobError
from scripts.archive.bucket_versions import Version

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NEEDED = (
    "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "ETag", "StorageClass",
    "LastModifiedDate",
)  # fmt: skip
LATE = timedelta(hours=48)
"""How much older than a report an object may be that it doesn't name yet.

AWS promises eventual consistency without a limit; lists come daily or weekly, and what is left out
today is compared with the next.
Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html
"""
_ESCAPED = re.compile("(?:%[0-9A-Fa-f]{2})+")
_TAKEN = re.compile(r"/\d{4}-\d\d-\d\dT\d\d-\d\dZ/$")


@dataclass(frozen=True)
class Report:
    """One report.

    Args:
        bucket: holds the report.
        taken: when S3 began to write it, in UTC.
        columns: of its files, in their order.
        files: key and MD5 of each.
    """

    bucket: str
    taken: datetime
    columns: Sequence[str]
    files: Sequence[tuple[str, str]]


def newest(s3: S3Client, place: str, source: str) -> str | None:
    """The newest report's `s3://…/manifest.json`; None where there is none yet.

    Args:
        place: `s3://bucket/prefix` that S3 delivers to, or a manifest itself.
        source: bucket the report is of.
    """
    if place.endswith("/manifest.json"):
        return place
    bucket, prefix = _split(place)
    above = f"{prefix.strip('/')}/{source}/".lstrip("/")
    reports = [
        report
        for configuration in _folders(s3, bucket, above)
        for report in _folders(s3, bucket, configuration)
        if _TAKEN.search(report)
    ]
    if not reports:
        return None
    latest = max(reports, key=lambda report: report.split("/")[-2])
    return f"s3://{bucket}/{latest}manifest.json"


def read(s3: S3Client, manifest: str, source: str) -> Report:
    """Read a manifest.

    Raises:
        JobError: it isn't whole, is of another bucket, or lacks a column.
    """
    bucket, key = _split(manifest)
    text = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    checksum = s3.get_object(Bucket=bucket, Key=f"{key.removesuffix('.json')}.checksum")["Body"]
    _check(manifest, hashlib.md5(text, usedforsecurity=False), checksum.read().decode().strip())
    values = json.loads(text)
    columns = [column.strip() for column in values["fileSchema"].split(",")]
    if values["sourceBucket"] != source or values["fileFormat"] != "CSV":
        raise JobError(f"{manifest} はバケット {source} の CSV のインベントリではありません")
    if lacking := [column for column in _NEEDED if column not in columns]:
        raise JobError(
            f"{manifest} に列 {'、'.join(lacking)} がありません。"
            "インベントリの設定で全バージョンとこれらの項目を含めてください"
        )
    return Report(
        bucket=bucket,
        taken=datetime.fromtimestamp(int(values["creationTimestamp"]) / 1000, UTC),
        columns=columns,
        files=[(file["key"], file["MD5checksum"]) for file in values["files"]],
    )


def versions(s3: S3Client, report: Report) -> Iterator[Version]:
    """All versions, one at a time.

    Raises:
        JobError: a file isn't what the manifest says.
    """
    needed = itemgetter(*(report.columns.index(column) for column in _NEEDED))
    for key, checksum in report.files:
        hashed = _Hashed(s3.get_object(Bucket=report.bucket, Key=key)["Body"])
        with gzip.open(
            io.BufferedReader(hashed, 1 << 20), "rt", encoding="utf-8", newline=""
        ) as rows:
            for row in csv.reader(rows):
                yield _version(needed(row))
        _check(f"s3://{report.bucket}/{key}", hashed.digest, checksum)


class _Hashed(io.RawIOBase):
    """A stream whose bytes are counted into an MD5 as they are read."""

    def __init__(self, body: object) -> None:
        self.digest = hashlib.md5(usedforsecurity=False)
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._body.read(len(buffer))  # type: ignore[attr-defined]
        self.digest.update(data)
        buffer[: len(data)] = data
        return len(data)


def _version(values: Sequence[str]) -> Version:
    key, version_id, latest, marker, size, etag, storage_class, modified = values
    directory, slash, name = key.rpartition("/")
    return Version(
        key=_decoded_directory(directory) + slash + _decoded(name),
        version_id=version_id or "null",
        is_latest=latest == "true",
        is_marker=marker == "true",
        size=int(size or 0),
        etag=etag,
        storage_class=storage_class,
        modified=modified,
    )


def _decoded(text: str) -> str:
    """As `urllib.parse.unquote_plus`, in half the time: keys in Japanese are mostly escapes."""
    return _ESCAPED.sub(_characters, text.replace("+", " "))


_decoded_directory = lru_cache(maxsize=10_000)(_decoded)  # neighbours share theirs


def _characters(escaped: re.Match[str]) -> str:
    return bytes.fromhex(escaped[0].replace("%", "")).decode()


def _check(place: str, digest: hashlib._Hash, expected: str) -> None:
    if digest.hexdigest() != expected:
        raise JobError(f"{place} が壊れています。次のインベントリを待って再実行してください")


def _folders(s3: S3Client, bucket: str, prefix: str) -> Iterator[str]:
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=bucket, Prefix=prefix, Delimiter="/"
    )
    for page in pages:
        yield from (folder["Prefix"] for folder in page.get("CommonPrefixes", []))


def _split(place: str) -> tuple[str, str]:
    matched = re.fullmatch(r"s3://([^/]+)/?(.*)", place)
    if matched is None:
        raise JobError(f"{place} を読めません。s3://バケット名/プレフィックス の形で書いてください")
    return matched[1], matched[2]
