"""Inventory reports: in AWS they come once a day or a week, here when they are asked for.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import quote_plus
from xml.etree import ElementTree

from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket, FakeKey, s3_backends

from scripts.local_aws.account import ACCOUNT, PARTITION
from scripts.local_aws.extensions.s3.configurations import lets_deliver, of

_SERVICE = "s3.amazonaws.com"
_ROWS = 10_000  # of a data file; AWS's hold more
_ENCRYPTION = {None: "NOT-SSE", "AES256": "SSE-S3", "aws:kms": "SSE-KMS"}


class InventoryError(Exception):
    """There is no report to write; the message says why."""


@dataclass(frozen=True)
class Inventory:
    """An inventory configuration of a bucket."""

    id: str
    source: FakeBucket
    destination: str
    folder: str
    prefix: str
    all_versions: bool
    fields: frozenset[str]

    @property
    def columns(self) -> list[str]:
        """Its columns, in AWS's order."""
        versions = ["VersionId", "IsLatest", "IsDeleteMarker"] if self.all_versions else []
        return ["Bucket", "Key", *versions, *(each for each in _FIELDS if each in self.fields)]


@dataclass(frozen=True)
class Entry:
    """A version of an object, or a marker that it was deleted."""

    version: Any
    is_latest: bool

    @property
    def is_marker(self) -> bool:
        return not isinstance(self.version, FakeKey)


_FIELDS: dict[str, Callable[[Any], object]] = {
    "Size": lambda key: key.size,
    "LastModifiedDate": lambda key: _time(key),  # noqa: PLW0108  # it comes below
    "ETag": lambda key: key.etag.strip('"'),
    "StorageClass": lambda key: key.storage_class,
    "IsMultipartUploaded": lambda key: _truth(key.multipart is not None),
    "ReplicationStatus": lambda _: "",
    "EncryptionStatus": lambda key: _ENCRYPTION[key.encryption],
    "ObjectLockRetainUntilDate": lambda key: key.lock_until or "",
    "ObjectLockMode": lambda key: key.lock_mode or "",
    "ObjectLockLegalHoldStatus": lambda key: key.lock_legal_status or "OFF",
    "ChecksumAlgorithm": lambda key: key.checksum_algorithm or "",
}
"""Optional columns in the order of AWS's reports; a deleted object has of them only its time."""


def write(bucket: str) -> list[str]:
    """Write a report of each enabled inventory configuration of a bucket.

    Returns:
        Where each manifest is, as s3:// URI.

    Raises:
        InventoryError: There is no such bucket or configuration, or S3 may not deliver it.
    """
    try:
        source = s3_backends[ACCOUNT][PARTITION].get_bucket(bucket)
    except S3ClientError:
        raise InventoryError(f"there is no bucket {bucket}") from None
    found = list(_configured(source))
    if not found:
        raise InventoryError(f"the bucket {bucket} has no inventory configuration that is enabled")
    return [_report(each) for each in found]


def _configured(source: FakeBucket) -> Iterator[Inventory]:
    for xml in of(source, "inventory"):
        root = ElementTree.fromstring(xml)  # noqa: S314  # our own  # nosec B314
        if root.findtext("{*}IsEnabled") != "true":
            continue
        target = root.find("{*}Destination/{*}S3BucketDestination")
        if target is None or target.findtext("{*}Format") != "CSV":
            raise InventoryError(f"only inventories in CSV are written here: {source.name}")
        yield Inventory(
            root.findtext("{*}Id", ""),
            source,
            target.findtext("{*}Bucket", "").rsplit(":", 1)[-1],
            target.findtext("{*}Prefix", "").strip("/"),
            root.findtext("{*}Filter/{*}Prefix", ""),
            root.findtext("{*}IncludedObjectVersions") == "All",
            frozenset(str(each.text) for each in root.findall("{*}OptionalFields/{*}Field")),
        )


def _report(wanted: Inventory) -> str:
    now = datetime.now(UTC)
    folder = "/".join(filter(None, [wanted.folder, wanted.source.name, wanted.id]))
    backend = s3_backends[ACCOUNT][PARTITION]
    destination = backend.buckets.get(wanted.destination)
    if destination is None or not lets_deliver(destination, _SERVICE, folder, wanted.source):
        raise InventoryError(
            f"the bucket {wanted.destination} lets {_SERVICE} deliver no inventory of "
            f"{wanted.source.name}: its policy has to allow s3:PutObject"
        )
    files = []
    for content in _files(wanted):
        key = f"{folder}/data/{uuid.uuid4()}.csv.gz"
        backend.put_object(wanted.destination, key, content)
        files.append({"key": key, "size": len(content), "MD5checksum": _md5(content)})
    manifest = json.dumps(_manifest(wanted, now, files), indent=2).encode()
    place = f"{folder}/{now:%Y-%m-%dT%H-%MZ}"
    backend.put_object(wanted.destination, f"{place}/manifest.json", manifest)
    checksum = f"{_md5(manifest)}\n".encode()
    backend.put_object(wanted.destination, f"{place}/manifest.checksum", checksum)
    return f"s3://{wanted.destination}/{place}/manifest.json"


def _manifest(wanted: Inventory, now: datetime, files: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "sourceBucket": wanted.source.name,
        "destinationBucket": f"arn:{PARTITION}:s3:::{wanted.destination}",
        "version": "2016-11-30",
        "creationTimestamp": str(int(now.timestamp() * 1000)),
        "fileFormat": "CSV",
        "fileSchema": ", ".join(wanted.columns),
        "files": files,
    }


def _files(wanted: Inventory) -> Iterator[bytes]:
    """The data files: gzip, without a header."""
    entries = _entries(wanted)
    while batch := list(islice(entries, _ROWS)):
        content = io.StringIO()
        writer = csv.writer(content, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows(_row(wanted, entry) for entry in batch)
        yield gzip.compress(content.getvalue().encode(), mtime=0)


def _entries(wanted: Inventory) -> Iterator[Entry]:
    for name, versions in sorted(wanted.source.keys.iterlists()):
        if not name.startswith(wanted.prefix):
            continue
        listed = [Entry(each, each is versions[-1]) for each in reversed(versions)]
        yield from (each for each in listed if wanted.all_versions or _is_there(each))


def _is_there(entry: Entry) -> bool:
    return entry.is_latest and not entry.is_marker


def _row(wanted: Inventory, entry: Entry) -> list[object]:
    version = entry.version
    named: dict[str, object] = {
        "Bucket": wanted.source.name,
        "Key": quote_plus(version.name, safe="/"),
        "VersionId": "" if version.version_id == "null" else version.version_id,
        "IsLatest": _truth(entry.is_latest),
        "IsDeleteMarker": _truth(entry.is_marker),
    }
    if entry.is_marker:
        named["LastModifiedDate"] = _time(version)
    else:
        named |= {field: _FIELDS[field](version) for field in wanted.columns if field in _FIELDS}
    return [named.get(column, "") for column in wanted.columns]


def _time(version: Any) -> str:
    return f"{version.last_modified:%Y-%m-%dT%H:%M:%S.000Z}"


def _truth(value: bool) -> str:
    return "true" if value else "false"


def _md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()
