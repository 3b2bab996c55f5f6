"""A prefix of a bucket, read and written as the role of a location may."""

from __future__ import annotations

from email.header import Header
from typing import Any

from moto.s3.models import FakeDeleteMarker, s3_backends

from scripts.local_aws.account import ACCOUNT, PARTITION
from scripts.local_aws.iam.decisions import may
from scripts.local_aws.iam.sessions import Session

# https://docs.aws.amazon.com/datasync/latest/userguide/create-s3-location.html
_OF_BUCKET = ("s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads")
_OF_OBJECTS = (
    "s3:AbortMultipartUpload",
    "s3:DeleteObject",
    "s3:GetObject",
    "s3:GetObjectTagging",
    "s3:ListMultipartUploadParts",
    "s3:PutObject",
    "s3:PutObjectTagging",
)


class RefusedError(Exception):
    """The role may not do what a transfer needs, or there is no such bucket."""


class Destination:
    """A prefix of a bucket, for the time of one transfer.

    Whether the role may do something is asked once for each folder: asking for each file would
    take longer than to write it.

    Attributes:
        prefix: Without `/` in front; ends in one unless it is empty.
    """

    def __init__(self, bucket: str, prefix: str, role: str, storage_class: str) -> None:
        """Say where, and in whose name.

        Args:
            role: ARN.
            storage_class: Of new objects.
        """
        self.prefix = prefix
        self._bucket = bucket
        self._session = Session(role, "AWSDataSync")
        self._storage_class = storage_class
        self._allowed: set[tuple[str, str]] = set()

    def try_role(self) -> None:
        """Try whether the role may do all that DataSync asks of it.

        Raises:
            RefusedError: It may not, or there is no such bucket.
        """
        if self._bucket not in _s3().buckets:
            raise RefusedError(f"The bucket {self._bucket} does not exist")
        for action in _OF_BUCKET:
            self._require(action, f"arn:{PARTITION}:s3:::{self._bucket}")
        for action in _OF_OBJECTS:
            self._require(action, self._arn(f"{self.prefix}.aws-datasync"))

    def objects(self) -> dict[str, Any]:
        """What is there now, by key."""
        keys = _s3().get_bucket(self._bucket).keys
        found = {key: keys.get(key) for key in list(keys) if key.startswith(self.prefix)}
        return {
            key: each
            for key, each in found.items()
            if each is not None and not isinstance(each, FakeDeleteMarker)
        }

    def put(self, key: str, content: bytes, metadata: dict[str, str]) -> None:
        """Write an object.

        Args:
            metadata: The user's, without `x-amz-meta-`.

        Raises:
            RefusedError: The role may not.
        """
        self._require("s3:PutObject", self._arn(key))
        made = _s3().put_object(self._bucket, key, content, storage=self._storage_class)
        made.set_metadata({f"x-amz-meta-{name}": _sent(text) for name, text in metadata.items()})

    def delete(self, key: str) -> None:
        """Delete an object: with versions, that leaves a delete marker.

        Raises:
            RefusedError: The role may not.
        """
        self._require("s3:DeleteObject", self._arn(key))
        _s3().delete_object(self._bucket, key)

    def _arn(self, key: str) -> str:
        return f"arn:{PARTITION}:s3:::{self._bucket}/{key}"

    def _require(self, action: str, resource: str) -> None:
        asked = action, resource.rpartition("/")[0]
        if asked in self._allowed:
            return
        if refusal := may(self._session, action, resource):
            raise RefusedError(
                f"User: {self._session.arn} is not authorized to perform: {action} "
                f"on resource: {resource} {refusal}"
            )
        self._allowed.add(asked)


def _s3() -> Any:
    return s3_backends[ACCOUNT][PARTITION]


def _sent(text: str) -> str:
    """As S3 tells what isn't ASCII: encoded for headers (RFC 2047)."""
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=1 << 16).encode()
