"""What a bucket has, as S3 lists it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Version(NamedTuple):
    """A version of an object, or a marker that it was deleted.

    Args:
        size: bytes; 0 of a marker.
        etag: without quotation marks; empty of a marker.
        storage_class: empty of a marker.
        modified: ISO 8601.
    """

    key: str
    version_id: str
    is_latest: bool
    is_marker: bool
    size: int
    etag: str
    storage_class: str
    modified: str


def listed(s3: S3Client, bucket: str) -> Iterator[Version]:
    """All versions in the order of their keys, 1,000 a request."""
    place: dict[str, str] = {}
    while True:
        page = s3.list_object_versions(Bucket=bucket, **place)  # type: ignore[arg-type]
        versions, markers = page.get("Versions", []), page.get("DeleteMarkers", [])
        yield from sorted(map(_version, chain(versions, markers)), key=lambda each: each.key)
        if not page["IsTruncated"]:
            return
        place = {
            "KeyMarker": page["NextKeyMarker"],
            "VersionIdMarker": page["NextVersionIdMarker"],
        }


def _version(found: Any) -> Version:
    return Version(
        key=found["Key"],
        version_id=found["VersionId"],
        is_latest=found["IsLatest"],
        is_marker="Size" not in found,
        size=found.get("Size", 0),
        etag=found.get("ETag", "").strip('"'),
        storage_class=found.get("StorageClass", ""),
        modified=found["LastModified"].isoformat(),
    )
