"""Reads what AWS says it exported, and looks whether all of it is in the bucket.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from batchworks.errors import JobError
from dynamodb_export.errors import NotFoundError, telling

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

FOLDER = "AWSDynamoDB/"  # AWS puts it below the prefix that an export is given
SUMMARY = "manifest-summary"
FILES = "manifest-files"
_CHECKSUMS = (".checksum", ".md5")  # the documentation names one, exports have had the other
_MD5 = re.compile(r"[0-9a-f]{32}|[A-Za-z0-9+/]{22}==")


class ManifestError(JobError):
    """The bucket doesn't hold what AWS says it exported."""


@dataclass(frozen=True)
class DataFile:
    """One file with items, or with changes of items."""

    key: str
    etag: str
    items: int


@dataclass(frozen=True)
class Place:
    """Where an export lies.

    Args:
        prefix: S3Prefix of the export, without a slash at its end.
        id: last part of its ARN.
    """

    bucket: str
    prefix: str
    id: str

    @property
    def folder(self) -> str:
        """Its manifests are there; of a full export, its data too."""
        return f"{self.prefix}/{FOLDER}{self.id}/"


def verified_items(s3: S3Client, place: Place, told: int | None) -> int:
    """How many items an export has, after a look at every file.

    Args:
        told: how many DescribeExport tells of.

    Raises:
        ManifestError: a manifest or data file is missing or another one, or the counts differ.
        AwsError: the bucket can't be read just now.
    """
    summary = _summary(s3, place)
    counted = _items_of_files(s3, place)
    if not counted == summary["itemCount"] == (counted if told is None else told):
        raise ManifestError(
            f"the counts of the export {place.id} differ: {counted} items in its files, "
            f"{summary['itemCount']} in its summary, {told} by DescribeExport"
        )
    return counted


def data_files(s3: S3Client, place: Place) -> Iterator[DataFile]:
    """The data files of an export, streamed.

    Raises:
        ManifestError: the manifest is garbled, or its checksum is another one.
        NotFoundError: there is no manifest.
        AwsError: it can't be read just now.
    """
    digest = hashlib.md5(usedforsecurity=False)
    key = f"{place.folder}{FILES}.json"
    with telling(f"read s3://{place.bucket}/{key}"):
        body = s3.get_object(Bucket=place.bucket, Key=key)["Body"]
        for line in body.iter_lines(keepends=True):
            digest.update(line)
            if line.strip():
                yield _data_file(place, line)
    _match(s3, place, FILES, digest.digest())


def _summary(s3: S3Client, place: Place) -> dict[str, Any]:
    content = _content(s3, place, f"{SUMMARY}.json")
    _match(s3, place, SUMMARY, hashlib.md5(content, usedforsecurity=False).digest())
    try:
        summary: dict[str, Any] = json.loads(content)
        arn, _ = summary["exportArn"], summary["itemCount"]
    except (ValueError, KeyError, TypeError) as error:
        raise ManifestError(f"{place.folder}{SUMMARY}.json is garbled: {error}") from error
    if arn.rpartition("/")[2] != place.id:
        raise ManifestError(f"{place.folder}{SUMMARY}.json is about another export, {arn}")
    return summary


def _items_of_files(s3: S3Client, place: Place) -> int:
    """The sum of the files' items, when each is there with its ETag."""
    items, missing = 0, {}
    try:
        for file in data_files(s3, place):
            items += file.items
            missing[file.key] = file.etag
    except NotFoundError as error:
        raise ManifestError(f"{place.folder}{FILES}.json isn't there") from error
    for folder in {key.rpartition("/")[0] + "/" for key in missing}:
        for key, etag in _listed(s3, place.bucket, folder):
            if missing.get(key) == etag:
                del missing[key]
    if missing:
        raise ManifestError(
            f"{len(missing)} data files of the export {place.id} aren't there as its manifest "
            f"says, first s3://{place.bucket}/{min(missing)}"
        )
    return items


def _data_file(place: Place, line: bytes) -> DataFile:
    try:
        said = json.loads(line)
        path = said["dataFileS3Key"]
        # with the export's prefix or without: the documentation shows both
        below = path[path.rindex(FOLDER) :]
        return DataFile(f"{place.prefix}/{below}", said["etag"].strip('"'), int(said["itemCount"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"{place.folder}{FILES}.json is garbled: {error}") from error


def _listed(s3: S3Client, bucket: str, prefix: str) -> Iterator[tuple[str, str]]:
    with telling(f"list s3://{bucket}/{prefix}"):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for each in page.get("Contents", []):
                yield each["Key"], each["ETag"].strip('"')


def _match(s3: S3Client, place: Place, name: str, digest: bytes) -> None:
    """Compare a manifest with its checksum file, where there is one with an MD5."""
    for ending in _CHECKSUMS:
        try:
            said = _content(s3, place, name + ending).decode(errors="replace").strip()
        except ManifestError:
            continue
        if _MD5.fullmatch(said) and said not in {base64.b64encode(digest).decode(), digest.hex()}:
            raise ManifestError(f"{place.folder}{name}.json isn't what its checksum says")


def _content(s3: S3Client, place: Place, name: str) -> bytes:
    key = place.folder + name
    try:
        with telling(f"read s3://{place.bucket}/{key}"):
            return s3.get_object(Bucket=place.bucket, Key=key)["Body"].read()
    except NotFoundError as error:
        raise ManifestError(f"s3://{place.bucket}/{key} isn't there") from error
