"""Versions of objects whose latest one is a delete marker."""

from __future__ import annotations

from dataclasses import dataclass

from nas_sync.aws import telling
from nas_sync.store import Store


@dataclass(frozen=True)
class Version:
    """One version of an object."""

    key: str
    id: str
    etag: str  # without quotes
    size: int  # bytes


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
    pages = store.s3.get_paginator("list_object_versions").paginate(Bucket=store.bucket, Prefix=key)
    with telling(f"list the versions of {store.address(key)}"):
        for page in pages:
            found = page.get("Versions", [])
            for each in found:  # by key, and the newest of a key first
                if each["Key"] != key:
                    return newest
                version = Version(key, each["VersionId"], each["ETag"].strip('"'), each["Size"])
                if version.etag == etag:
                    return version
                newest = newest or version
    return newest
