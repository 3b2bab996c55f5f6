"""Versions of objects whose latest one is a delete marker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from nas_sync.aws import telling
from nas_sync.store import Store

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import ListObjectVersionsOutputTypeDef


@dataclass(frozen=True)
class Version:
    """One version of an object."""

    key: str
    id: str
    etag: str  # without quotes
    size: int  # bytes
    deleted: datetime | None = None  # when its key was deleted last; None: no marker tells


def last(store: Store, key: str, etag: str) -> Version | None:
    """The last version of an object with this content; else the last of all.

    Args:
        store: the raw bucket.
        key: the object.
        etag: of the content that the last batch knew.

    Returns:
        None where every version is gone.
    """
    newest: Version | None = None
    deleted: datetime | None = None
    pages = store.s3.get_paginator("list_object_versions").paginate(Bucket=store.bucket, Prefix=key)
    with telling(f"list the versions of {store.address(key)}"):
        for page in pages:
            deleted = deleted or _deleted(page, key)
            for each in page.get("Versions", []):  # by key, and the newest of a key first
                if each["Key"] != key:
                    return newest
                version = Version(
                    key, each["VersionId"], each["ETag"].strip('"'), each["Size"], deleted
                )
                if version.etag == etag:
                    return version
                newest = newest or version
    return newest


def _deleted(page: ListObjectVersionsOutputTypeDef, key: str) -> datetime | None:
    """When the latest delete marker of a key was made; the newest comes first."""
    markers = page.get("DeleteMarkers", [])
    return next((each["LastModified"] for each in markers if each["Key"] == key), None)
