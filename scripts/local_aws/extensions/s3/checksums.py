"""Checksums: moto believes what it is sent, and returns composite ones without their parts.

AWS computes a checksum itself and refuses an object or a part that differs from it:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeKey
from moto.s3.responses import S3Response
from moto.s3.utils import compute_checksum

from scripts.local_aws.patching import replace

ALGORITHMS = ("SHA256", "SHA1", "CRC32", "CRC32C", "CRC64NVME")
_COMPUTED = {"SHA256": 32, "SHA1": 20, "CRC32": 4}  # bytes; Python has no other of them
_TRAILER_LIMIT = 1024  # bytes at the end of a body that hold its trailing headers

_head = S3Response.head_object
_get = S3Response.get_object


@dataclass(frozen=True)
class Checksum:
    """A checksum as S3 writes it.

    Attributes:
        algorithm: `SHA256`, for example.
        value: Base64.
    """

    algorithm: str
    value: str

    @property
    def header(self) -> str:
        return f"x-amz-checksum-{self.algorithm.lower()}"


def sent(request: S3Response) -> Checksum | None:
    """The checksum that came with a body, in a header or in its trailer."""
    for algorithm in ALGORITHMS:
        value = request.headers.get(f"x-amz-checksum-{algorithm.lower()}")
        if value:
            return Checksum(algorithm, value)
    trailer = request.headers.get("x-amz-trailer", "").lower()
    if not trailer.startswith("x-amz-checksum-"):
        return None
    found = re.search(
        rb"\n%s:\s*(\S+)" % trailer.encode(), bytes(request.raw_body[-_TRAILER_LIMIT:])
    )
    algorithm = trailer.removeprefix("x-amz-checksum-").upper()
    return Checksum(algorithm, found[1].decode()) if found else None


def verify(checksum: Checksum, body: bytes) -> None:
    """Refuse a body that has another checksum.

    Raises:
        S3ClientError: BadDigest, or InvalidRequest where the checksum can't be one.
    """
    length = _COMPUTED.get(checksum.algorithm)
    if length is None:
        return
    try:
        digest = b64decode(checksum.value, validate=True)
    except binascii.Error:
        digest = b""
    if len(digest) != length:
        raise S3ClientError("InvalidRequest", f"Value for {checksum.header} header is invalid.")
    if digest != compute_checksum(body, checksum.algorithm, encode_base64=False):
        raise S3ClientError(
            "BadDigest",
            f"The {checksum.algorithm} you specified did not match the calculated checksum.",
        )


@replace(S3Response)
def _get_checksum(self: S3Response, response_headers: dict[str, Any]) -> tuple[str, str | None]:
    """Verify the checksum of a request's body; its algorithm (empty without one) and value."""
    body = self.body or b""
    algorithm = self.headers.get("x-amz-sdk-checksum-algorithm", "").upper()
    checksum = sent(self)
    if checksum is not None:
        verify(checksum, body)
    elif algorithm:
        checksum = Checksum(algorithm, compute_checksum(body, algorithm).decode())
    else:
        return "", None
    response_headers[checksum.header] = checksum.value
    return checksum.algorithm, checksum.value


@replace(S3Response)
def head_object(
    self: S3Response,
    bucket_name: str,
    query: dict[str, Any],
    key_name: str,
    headers: dict[str, Any],
) -> Any:
    """Describe an object; a composite checksum says of how many parts it is."""
    status, described, body = _head(self, bucket_name, query, key_name, headers)
    if any(name.startswith("x-amz-checksum-") for name in described):
        version = query.get("versionId", [None])[0]
        key = self.backend.get_object(bucket_name, key_name, version_id=version)
        if key is not None:
            described.update(headers_of(key))
    return status, described, body


@replace(S3Response)
def get_object(self: S3Response) -> Any:
    """Get an object; every checksum says of what type it is."""
    status, described, body = _get(self)
    if any(name.startswith("x-amz-checksum-") for name in described):
        described.setdefault("x-amz-checksum-type", "FULL_OBJECT")
    return status, described, body


def headers_of(key: FakeKey) -> dict[str, str]:
    """The checksum of an object that has one, as headers."""
    checksum = Checksum(str(key.checksum_algorithm), qualified(key))
    return {
        checksum.header: checksum.value,
        "x-amz-checksum-type": key.checksum_type or "FULL_OBJECT",
    }


def qualified(key: FakeKey) -> str:
    """The checksum of an object; a composite one ends in the number of its parts."""
    composite = key.checksum_type == "COMPOSITE"
    return f"{key.checksum_value}-{key.checksum_parts}" if composite else str(key.checksum_value)
