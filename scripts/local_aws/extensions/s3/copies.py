"""Copies: moto asks for no permission to read the source, and passes over most conditions.

A copied part has no checksum with it, and a copy of an upload in parts keeps the checksum of those
parts, which it hasn't got any more:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from moto.core.responses import ActionResult
from moto.s3.exceptions import MissingKey, MissingVersion, PreconditionFailed, S3ClientError
from moto.s3.models import FakeKey, S3Backend
from moto.s3.responses import S3Response
from moto.s3.utils import compute_checksum

from scripts.local_aws.extensions.s3.conditional_writes import lock_of
from scripts.local_aws.extensions.s3.uploads import ALGORITHM, upload_of
from scripts.local_aws.patching import replace

_authorize = S3Response._authenticate_and_authorize_s3_action
_copy = S3Response.copy_object
_copy_key = S3Backend.copy_object


@dataclass(frozen=True)
class Source:
    """What is copied."""

    bucket: str
    key: str
    version: str | None


def source_of(request: S3Response) -> Source | None:
    """What a request copies; None if it copies nothing."""
    named = request.headers.get("x-amz-copy-source")
    if not named:
        return None
    parsed = urlsplit(named)
    bucket, _, key = unquote(parsed.path).lstrip("/").partition("/")
    return Source(bucket, key, parse_qs(parsed.query).get("versionId", [None])[0])


@replace(S3Response)
def _authenticate_and_authorize_s3_action(
    self: S3Response, bucket_name: str | None = None, key_name: str | None = None
) -> None:
    """Ask for the source, too: it is read with the permissions of whoever copies it."""
    _authorize(self, bucket_name, key_name)
    source = source_of(self)
    if source and self.data["Action"] == "PutObject":
        self.data["Action"] = "GetObjectVersion" if source.version else "GetObject"
        _authorize(self, source.bucket, source.key)
        self.data["Action"] = "PutObject"


@replace(S3Response)
def copy_object(self: S3Response) -> Any:
    """Copy, if source and target are what the request says, as one step."""
    key_name = self.parse_key_name()
    with lock_of(self.bucket_name, key_name):
        _source(self)
        _match_target(self, key_name)
        status, headers, body = _copy(self)
        return status, {k: v for k, v in headers.items() if k != "Checksum"}, body


@replace(S3Backend, "copy_object")
def _copy_as_one(self: S3Backend, src_key: FakeKey, *target: Any, **settings: Any) -> None:
    """The new object is of one part, whatever the source was; so is its checksum."""
    _copy_key(self, src_key, *target, **settings)
    copied = self.get_object(*target[:2])
    if copied is None:
        return
    copied.multipart = None
    if copied.checksum_algorithm:
        copied.checksum_value = compute_checksum(copied.value, copied.checksum_algorithm).decode()
        copied.checksum_type, copied.checksum_parts = "FULL_OBJECT", None


@replace(S3Response)
def upload_part_copy(self: S3Response) -> Any:
    """Copy a part, with a checksum of the upload's algorithm."""
    upload, source = upload_of(self), _source(self)
    content = _range(self, source.value)
    part = upload.set_part(int(self.querystring["partNumber"][0]), content)
    result = {"LastModified": part.last_modified_ISO8601, "ETag": part.etag}
    if algorithm := upload.metadata.get(ALGORITHM):
        part.checksum_algorithm = algorithm
        part.checksum_value = compute_checksum(content, algorithm).decode()
        result[f"Checksum{algorithm}"] = part.checksum_value
    self.data["Action"] = "UploadPartCopy"
    status, headers, body = self.serialized(ActionResult({"CopyPartResult": result}))
    headers["content-length"] = str(len(body))
    return status, headers, body


def _source(request: S3Response) -> FakeKey:
    """What is copied, if it is as the request says.

    Raises:
        S3ClientError: It is missing, or another one.
    """
    named = source_of(request)
    if named is None:
        raise S3ClientError("InvalidArgument", "x-amz-copy-source is missing")
    key = request.backend.get_object(named.bucket, named.key, version_id=named.version)
    if key is None:
        raise MissingVersion if named.version else MissingKey(named.key)
    expected = request.headers.get("x-amz-copy-source-if-match")
    if expected and not _same(expected, key):
        raise PreconditionFailed("x-amz-copy-source-If-Match")
    return key


def _match_target(request: S3Response, key_name: str) -> None:
    existing = request.backend.get_object(request.bucket_name, key_name)
    if request.headers.get("If-None-Match") == "*" and existing is not None:
        raise PreconditionFailed("If-None-Match")
    expected = request.headers.get("If-Match")
    if expected and existing is None:
        raise MissingKey(key_name)
    if expected and existing is not None and not _same(expected, existing):
        raise PreconditionFailed("If-Match")


def _same(etag: str, key: FakeKey) -> bool:
    return etag.strip('"') == key.etag.strip('"')


def _range(request: S3Response, content: bytes) -> bytes:
    asked = request.headers.get("x-amz-copy-source-range")
    if not asked:
        return content
    first, _, last = asked.removeprefix("bytes=").partition("-")
    if not int(first) <= int(last) < len(content):
        raise S3ClientError(
            "InvalidArgument",
            f"Range specified is not valid for source object of size: {len(content)}",
        )
    return content[int(first) : int(last) + 1]
