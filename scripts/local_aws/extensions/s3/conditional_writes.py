"""Conditional writes: moto looks first and writes later, and another writer may come between.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
"""

from __future__ import annotations

import threading
from typing import Any

from moto.s3.exceptions import MissingKey, PreconditionFailed
from moto.s3.responses import S3Response

from scripts.local_aws.patching import replace

_LOCKS = [threading.RLock() for _ in range(64)]
"""Writers of one key take the same one; other keys rarely share it."""

_put = S3Response.put_object
_post = S3Response._key_response_post


@replace(S3Response)
def put_object(self: S3Response) -> Any:
    """Look and write as one step."""
    with lock_of(self.bucket_name, self.parse_key_name()):
        return _put(self)


@replace(S3Response)
def _key_response_post(self: S3Response, *call: Any) -> Any:
    _, _, bucket_name, query, key_name = call
    with lock_of(bucket_name, key_name):
        if query.get("uploadId"):
            _match(self, key_name)
        return _post(self, *call)


def _match(request: S3Response, key_name: str) -> None:
    """Hold CompleteMultipartUpload to its If-Match, which moto passes over."""
    expected = request.headers.get("If-Match")
    if not expected:
        return
    key = request.backend.get_object(request.bucket_name, key_name)
    if key is None:
        raise MissingKey(key_name)
    if expected.strip('"') != key.etag.strip('"'):
        raise PreconditionFailed("If-Match")


def lock_of(bucket: str, key: str) -> threading.RLock:
    """What a writer of a key holds while it looks and writes."""
    return _LOCKS[hash((bucket, key)) % len(_LOCKS)]
