"""Copies one version of an object into the archive bucket, and makes sure that it is there.

A copy is made of the very parts that its source was uploaded in. So it has the source's ETag, the
MD5 of the content or of the MD5s of its parts, by which the two are compared:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html

The list of versions tells the source's ETag. The source is looked at only where that isn't enough:
its parts are to be copied, or the ETags differ, as they do with keys of KMS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import suppress
from functools import cache, partial
from itertools import accumulate, count
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from batchworks.errors import JobError
from nas_sync.aws import telling
from nas_sync.deleted.versions import Version
from nas_sync.errors import ObjectChanged
from nas_sync.store import Store

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, CopySourceTypeDef

STORAGE_CLASS: Final = "DEEP_ARCHIVE"
_CHECKSUMS = ("ChecksumCRC64NVME", "ChecksumCRC32", "ChecksumCRC32C", "ChecksumSHA256")
_PARTS_AT_ONCE = 8
_DESCRIPTION = ("ContentType", "Metadata")

_Head = Mapping[str, Any]


class CopyError(JobError):
    """A copy isn't what its source is."""


def archive(source: Store, version: Version, target: Store, keys: Iterable[str]) -> str:
    """Keep a version in the archive; nothing that lies there is overwritten.

    Args:
        source: the raw bucket.
        version: of an object there.
        target: the archive bucket.
        keys: where to; the next one is taken where another content has the place.

    Returns:
        The key under which it is there, compared with the source.

    Raises:
        CopyError: the copy differs.
        MissingObject: the version is gone.
        AccessDenied, AwsUnavailable: of S3.
    """
    original = cache(partial(_head, source, version.key, version.id))
    for key in keys:
        with suppress(ObjectChanged):  # something is there: perhaps this very content
            _copy(source, version, target, key, original)
        kept = _head(target, key)
        if _is_listed(version, kept) or _same(original(), kept):
            return key
    raise CopyError(
        f"could not archive {source.address(version.key)}: what lies in {target.address('')} for "
        f"it differs from version {version.id}. Look at both, and delete the copy if it is damaged"
    )


def _head(store: Store, key: str, version: str | None = None) -> _Head:
    which: dict[str, Any] = {"VersionId": version} if version else {}
    with telling(f"look at {store.address(key)}"):
        return store.s3.head_object(Bucket=store.bucket, Key=key, ChecksumMode="ENABLED", **which)


def _is_listed(version: Version, kept: _Head) -> bool:
    listed = (version.etag, version.size)
    return listed == (kept["ETag"].strip('"'), kept["ContentLength"])


def _same(original: _Head, kept: _Head) -> bool:
    """Whether two objects whose ETags differ have the same content, as far as S3 tells.

    With keys of KMS an ETag says nothing about the content; there S3's checksums do.
    """
    if original["ContentLength"] != kept["ContentLength"]:
        return False
    for name in _CHECKSUMS:
        if name in original and name in kept and "-" not in original[name] + kept[name]:
            return bool(original[name] == kept[name])
    return False


def _copy(
    source: Store, version: Version, target: Store, key: str, original: Callable[[], _Head]
) -> None:
    """Copy; ObjectChanged where something is there already."""
    from_: CopySourceTypeDef = {
        "Bucket": source.bucket,
        "Key": version.key,
        "VersionId": version.id,
    }
    with telling(f"copy {source.address(version.key)} to {target.address(key)}"):
        if "-" not in version.etag:
            target.s3.copy_object(
                Bucket=target.bucket,
                Key=key,
                CopySource=from_,
                StorageClass=STORAGE_CLASS,
                IfNoneMatch="*",
            )
        else:
            _copy_parts(target, key, from_, original())


def _copy_parts(target: Store, key: str, from_: CopySourceTypeDef, original: _Head) -> None:
    where: dict[str, Any] = {"Bucket": target.bucket, "Key": key}
    described = {name: original[name] for name in _DESCRIPTION if name in original}
    started = target.s3.create_multipart_upload(**where, **described, StorageClass=STORAGE_CLASS)
    upload = {**where, "UploadId": started["UploadId"]}

    def part(number: int, which: dict[str, Any]) -> CompletedPartTypeDef:
        copied = target.s3.upload_part_copy(**upload, PartNumber=number, CopySource=from_, **which)
        return {"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]}

    try:
        with ThreadPoolExecutor(_PARTS_AT_ONCE) as pool:
            ranges = _ranges(pool, target, from_, original)
            parts = list(pool.map(part, count(1), ranges))
        target.s3.complete_multipart_upload(
            **upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*"
        )
    except BaseException:
        with suppress(ClientError):  # what is left of it, the bucket clears away
            target.s3.abort_multipart_upload(**upload)
        raise


def _ranges(
    pool: Executor, store: Store, from_: CopySourceTypeDef, original: _Head
) -> list[dict[str, Any]]:
    """The bytes of each part that the source was uploaded in; none for the only one."""
    parts = int(original["ETag"].strip('"').rpartition("-")[2])
    if parts == 1:
        return [{}]

    def size_of(number: int) -> int:
        return store.s3.head_object(**from_, PartNumber=number)["ContentLength"]

    sizes = list(pool.map(size_of, range(1, parts + 1)))
    return [
        {"CopySourceRange": f"bytes={end - size}-{end - 1}"}
        for size, end in zip(sizes, accumulate(sizes), strict=True)
    ]
