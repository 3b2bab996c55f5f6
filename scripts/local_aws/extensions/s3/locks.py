"""Object lock: moto takes no x-amz-checksum header for a checksum, and locks no uploads in parts.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.s3.models import FakeKey, S3Backend
from moto.s3.responses import S3Response
from werkzeug.datastructures import Headers

from scripts.local_aws.extensions.s3.checksums import sent
from scripts.local_aws.patching import replace

_NAMED = "x-amz-sdk-checksum-algorithm"

_put = S3Response._key_response_put
_complete = S3Backend.complete_multipart_upload


@replace(S3Response)
def _key_response_put(self: S3Response, query: dict[str, Any], key_name: str) -> Any:
    checksum = sent(self)
    if checksum is not None and _NAMED not in self.headers:
        self.headers = Headers([*self.headers, (_NAMED, checksum.algorithm)])
    return _put(self, query, key_name)


@replace(S3Backend)
def complete_multipart_upload(
    self: S3Backend, bucket_name: str, multipart_id: str, body: Iterator[tuple[int, str]]
) -> FakeKey | None:
    """Make an object of parts, locked as the bucket says."""
    key = _complete(self, bucket_name, multipart_id, body)
    bucket = self.get_bucket(bucket_name)
    if key is not None and bucket.has_default_lock:
        key.lock_mode, key.lock_until = bucket.default_lock_mode, bucket.default_retention()
    return key
