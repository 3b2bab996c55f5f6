"""Looks at what the bucket has under a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from scripts.archive import object_metadata
from scripts.archive.object_metadata import Carried

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

UNVERSIONED = "null"


@dataclass(frozen=True, slots=True)
class Present:
    """The newest version of an object.

    Args:
        sha256: as S3 gives it; None where it was stored without.
        carried: None where the object is not from `archive put`.
    """

    size: int
    sha256: str | None
    etag: str
    version_id: str
    carried: Carried | None


class TakenError(Exception):
    """Something else is there than was expected."""


class UnversionedError(Exception):
    """The bucket keeps no versions."""


def look(s3: S3Client, bucket: str, key: str) -> Present | None:
    """What is there; None where nothing is, or what was there was deleted.

    Raises:
        UnversionedError: it has no version.
        ClientError: S3 refuses.
    """
    try:
        head = s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchKey"):
            return None
        raise
    return Present(
        size=head["ContentLength"],
        sha256=head.get("ChecksumSHA256"),
        etag=head["ETag"],
        version_id=versioned(head.get("VersionId")),
        carried=object_metadata.read(head["Metadata"]),
    )


def versioned(version_id: str | None) -> str:
    """The version's id.

    Raises:
        UnversionedError: there is none: what is archived could be overwritten.
    """
    if version_id is None or version_id == UNVERSIONED:
        raise UnversionedError
    return version_id
