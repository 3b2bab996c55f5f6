"""Multipart uploads: moto knows no checksums of parts, and crashes where an upload is unknown.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from moto.core.responses import ActionResult
from moto.s3.exceptions import (
    InvalidMaxPartNumberArgument,
    InvalidPart,
    InvalidPartOrder,
    MalformedXML,
    NoSuchUpload,
    S3ClientError,
)
from moto.s3.models import FakeKey, FakeMultipart
from moto.s3.responses import S3Response
from moto.s3.utils import compute_checksum

from scripts.local_aws.extensions.s3.checksums import qualified, sent
from scripts.local_aws.patching import replace

_LAST_PART = 10_000  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
ALGORITHM = "x-amz-checksum-algorithm"

_serialized = S3Response.serialized


@dataclass(frozen=True)
class _Part:
    """A part as CompleteMultipartUpload names it; the checksum is empty where it names none."""

    number: int
    etag: str
    checksum: str


@replace(S3Response)
def upload_part(self: S3Response) -> tuple[int, dict[str, Any], str]:
    """Take a part, once its checksum is verified and of the upload's algorithm."""
    number = int(self.querystring["partNumber"][0])
    if not 1 <= number <= _LAST_PART:
        raise InvalidMaxPartNumberArgument(number)
    upload = upload_of(self)
    headers = self._get_cors_headers_other()
    algorithm, value = self._get_checksum(headers)
    expected = upload.metadata.get(ALGORITHM)
    if expected and algorithm != expected:
        raise S3ClientError(
            "InvalidRequest",
            f"Checksum Type mismatch occurred, expected checksum Type: {expected.lower()}, "
            f"actual checksum Type: {algorithm.lower() or 'null'}",
        )
    part = upload.set_part(number, self.body or b"")
    part.checksum_algorithm, part.checksum_value = algorithm or None, value
    headers.update(part.response_dict)
    return 200, {**headers, "content-length": "0"}, ""


@replace(S3Response)
def _complete_multipart_body(self: S3Response, body: bytes) -> Iterator[tuple[int, str]]:
    """Check the parts that are to become an object; their numbers and ETags, in order."""
    upload = upload_of(self)
    algorithm = upload.metadata.get(ALGORITHM)
    parts = _parts(body, algorithm)
    numbers = [each.number for each in parts]
    if numbers != sorted(set(numbers)):
        raise InvalidPartOrder
    if algorithm:
        _check_parts(parts, upload, algorithm)
        _check_whole(self, [upload.parts[number] for number in numbers], algorithm)
    return iter([(each.number, each.etag) for each in parts])


@replace(S3Response)
def serialized(self: S3Response, action_result: ActionResult) -> Any:
    """Add the new object's checksum to the answer of CompleteMultipartUpload."""
    result: Any = action_result.result
    if self.data.get("Action") == "CompleteMultipartUpload" and isinstance(result, dict):
        key = self.backend.get_object(self.bucket_name, result["Key"])
        if key is not None and key.checksum_algorithm:
            result[f"Checksum{key.checksum_algorithm}"] = qualified(key)
            result["ChecksumType"] = key.checksum_type
    return _serialized(self, action_result)


def upload_of(request: S3Response) -> FakeMultipart:
    """The upload that a request names.

    Raises:
        NoSuchUpload: There is none.
    """
    upload_id = request.querystring["uploadId"][0]
    upload = request.backend.get_bucket(request.bucket_name).multiparts.get(upload_id)
    if upload is None:
        raise NoSuchUpload(upload_id=upload_id)
    return upload


def _parts(body: bytes, algorithm: str | None) -> list[_Part]:
    try:
        listed = ElementTree.fromstring(body).findall("{*}Part")  # noqa: S314  # our own  # nosec B314
        return [
            _Part(
                int(each.findtext("{*}PartNumber", "")),
                each.findtext("{*}ETag", ""),
                each.findtext(f"{{*}}Checksum{algorithm}", ""),
            )
            for each in listed
        ]
    except (ElementTree.ParseError, ValueError):
        raise MalformedXML from None


def _check_parts(parts: list[_Part], upload: FakeMultipart, algorithm: str) -> None:
    for named in parts:
        if not named.checksum:
            raise S3ClientError(
                "InvalidRequest",
                f"The upload was created using a {algorithm.lower()} checksum. The complete "
                "request must include the checksum for each part. It was missing for part "
                f"{named.number} in the request.",
            )
        part = upload.parts.get(named.number)
        if part is None or part.checksum_value != named.checksum:
            raise InvalidPart


def _check_whole(request: S3Response, parts: list[FakeKey], algorithm: str) -> None:
    """Compare with the checksum of the whole, where the request brings one."""
    whole = sent(request)
    if whole is None or "-" not in whole.value:
        return
    digests = b"".join(b64decode(str(each.checksum_value)) for each in parts)
    if whole.value != f"{compute_checksum(digests, algorithm).decode()}-{len(parts)}":
        raise S3ClientError(
            "BadDigest", f"The {algorithm} you specified did not match the calculated checksum."
        )
