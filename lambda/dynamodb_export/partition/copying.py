"""Copies one object within the bucket so that the copy can be compared with its source.

A copy is made of the very parts that its source was uploaded in. So it has the source's ETag, which
is the MD5 of the content, or of the MD5s of its parts, and which DynamoDB's manifests name:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_ALGORITHMS = ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256")
CHECKSUMS = tuple(f"Checksum{algorithm}" for algorithm in _ALGORITHMS)
_PARTS_AT_ONCE = 8
_DESCRIPTION = (
    "CacheControl",
    "ContentDisposition",
    "ContentEncoding",
    "ContentLanguage",
    "ContentType",
    "Metadata",
)


class StoppedError(Exception):
    """There is no time to copy the rest."""


@dataclass(frozen=True)
class Copy:
    """What is copied where.

    Args:
        head: of the source, as HeadObject answers with checksums.
        goes_on: whether there is time; asked before every part.
    """

    bucket: str
    source: str
    target: str
    head: Mapping[str, Any]
    goes_on: Callable[[], bool]

    @property
    def from_(self) -> dict[str, Any]:
        """The source, unless it has changed since somebody looked."""
        return {
            "CopySource": {"Bucket": self.bucket, "Key": self.source},
            "CopySourceIfMatch": self.head["ETag"],
        }


def copy(s3: S3Client, what: Copy, replaced: Mapping[str, Any] | None) -> None:
    """Copy an object of any size.

    Args:
        replaced: what HeadObject answered about the target; None where nothing was there.

    Raises:
        StoppedError: there was no time for the rest; nothing was copied.
        ClientError: S3 refused it, also where source or target have changed since.
    """
    condition: dict[str, Any] = {"IfMatch": replaced["ETag"]} if replaced else {"IfNoneMatch": "*"}
    where: dict[str, Any] = {"Bucket": what.bucket, "Key": what.target}
    if "-" not in what.head["ETag"]:
        s3.copy_object(**where, **what.from_, **condition, ServerSideEncryption="AES256")
        return
    upload = s3.create_multipart_upload(
        **where, **_described(what.head), ServerSideEncryption="AES256"
    )["UploadId"]
    try:
        parts = _copy_parts(s3, what, upload)
        s3.complete_multipart_upload(
            **where, **condition, UploadId=upload, MultipartUpload={"Parts": parts}
        )
    except BaseException:
        with suppress(ClientError):  # what is left of it, the bucket clears away
            s3.abort_multipart_upload(**where, UploadId=upload)
        raise


def _described(head: Mapping[str, Any]) -> dict[str, Any]:
    """What the source is told to be, and a checksum of the same kind."""
    described = {name: head[name] for name in _DESCRIPTION if name in head}
    for algorithm in _ALGORITHMS:
        if f"Checksum{algorithm}" in head:
            kind = head.get("ChecksumType", "FULL_OBJECT")
            return {**described, "ChecksumAlgorithm": algorithm, "ChecksumType": kind}
    return described


def _copy_parts(s3: S3Client, what: Copy, upload: str) -> list[CompletedPartTypeDef]:
    pool = ThreadPoolExecutor(_PARTS_AT_ONCE)
    try:
        copies = [
            pool.submit(_copy_part, s3, what, upload, number, which)
            for number, which in enumerate(_ranges(s3, what), 1)
        ]
        return [each.result() for each in copies]
    finally:
        pool.shutdown(cancel_futures=True)


def _ranges(s3: S3Client, what: Copy) -> Iterator[str | None]:
    """The bytes of each part that the source was uploaded in; None: all, for the only one."""
    count = int(what.head["ETag"].strip('"').rpartition("-")[2])
    if count == 1:
        yield None
        return
    begin = 0
    for number in range(1, count + 1):
        part = s3.head_object(Bucket=what.bucket, Key=what.source, PartNumber=number)
        end = begin + part["ContentLength"]
        yield f"bytes={begin}-{end - 1}"
        begin = end


def _copy_part(
    s3: S3Client, what: Copy, upload: str, number: int, which: str | None
) -> CompletedPartTypeDef:
    if not what.goes_on():
        raise StoppedError
    limits: dict[str, Any] = {"CopySourceRange": which} if which else {}
    answer = s3.upload_part_copy(
        Bucket=what.bucket,
        Key=what.target,
        UploadId=upload,
        PartNumber=number,
        **what.from_,
        **limits,
    )
    result: Mapping[str, Any] = answer["CopyPartResult"]
    told = {name: result[name] for name in ("ETag", *CHECKSUMS) if name in result}
    return cast("CompletedPartTypeDef", {**told, "PartNumber": number})
