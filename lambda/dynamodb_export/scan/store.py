"""The bucket: objects, and uploads of objects in parts. Everything is encrypted and checksummed."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from boto3.s3.transfer import TransferConfig

from dynamodb_export.errors import AwsError, NotFoundError, telling

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_JSON = "application/json"
_AES256: Final = "AES256"
_GONE = {"NoSuchUpload", "InvalidPart"}
_COPIED_AT_ONCE = 64 * 1024 * 1024  # bytes; larger objects are copied in parts of that size


@dataclass(frozen=True)
class Part:
    """A part of an upload, as S3 acknowledged it."""

    number: int  # the first is 1
    etag: str
    sha256: str  # base64
    size: int  # bytes


class UploadGoneError(AwsError):
    """An upload was completed, given up or written to by somebody else."""


@dataclass(frozen=True)
class Store:
    """A bucket."""

    client: S3Client  # as `clients.s3` makes it: it knows who owns the bucket
    bucket: str

    def put(self, key: str, content: bytes, metadata: Mapping[str, str]) -> None:
        """Write an object."""
        with telling(f"write {self.address(key)}"):
            self.client.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=content,
                ContentType=_JSON,
                Metadata=dict(metadata),
                ServerSideEncryption=_AES256,
                ChecksumAlgorithm="SHA256",
                ChecksumSHA256=_sha256(content),
            )

    def get(self, key: str) -> bytes | None:
        """An object's content; None where there is none."""
        try:
            with telling(f"read {self.address(key)}"):
                answer = self.client.get_object(Bucket=self.bucket, Key=key)
                return answer["Body"].read()
        except NotFoundError as error:
            if error.code == "NoSuchKey":
                return None
            raise

    def metadata(self, key: str) -> Mapping[str, str] | None:
        """What an object's metadata says; None where there is no object."""
        try:
            with telling(f"look at {self.address(key)}"):
                return self.client.head_object(Bucket=self.bucket, Key=key)["Metadata"]
        except NotFoundError:
            return None

    def delete(self, key: str) -> None:
        """Remove an object; none there is fine."""
        with telling(f"delete {self.address(key)}"):
            self.client.delete_object(Bucket=self.bucket, Key=key)

    def copy(self, source: str, key: str, metadata: Mapping[str, str]) -> None:
        """Copy an object of any size within the bucket; the copy appears when it is whole."""
        with telling(f"copy {self.address(source)} to {self.address(key)}"):
            self.client.copy(
                CopySource={"Bucket": self.bucket, "Key": source},
                Bucket=self.bucket,
                Key=key,
                ExtraArgs={
                    "ChecksumAlgorithm": "SHA256",
                    "ContentType": _JSON,
                    "Metadata": dict(metadata),
                    "MetadataDirective": "REPLACE",
                    "ServerSideEncryption": _AES256,
                },
                Config=TransferConfig(
                    multipart_threshold=_COPIED_AT_ONCE, multipart_chunksize=_COPIED_AT_ONCE
                ),
            )

    def begin_upload(self, key: str) -> str:
        """Begin an upload in parts; its id."""
        with telling(f"begin the upload of {self.address(key)}"):
            return self.client.create_multipart_upload(
                Bucket=self.bucket,
                Key=key,
                ContentType=_JSON,
                ServerSideEncryption=_AES256,
                ChecksumAlgorithm="SHA256",
                ChecksumType="COMPOSITE",
            )["UploadId"]

    def put_part(self, key: str, upload: str, number: int, content: bytes) -> Part:
        """Upload a part.

        Raises:
            UploadGoneError: there is no such upload any more.
        """
        checksum = _sha256(content)
        with _uploading(f"upload part {number} of {self.address(key)}"):
            answer = self.client.upload_part(
                Bucket=self.bucket,
                Key=key,
                UploadId=upload,
                PartNumber=number,
                Body=content,
                ChecksumSHA256=checksum,
            )
        return Part(number, answer["ETag"], checksum, len(content))

    def complete_upload(self, key: str, upload: str, parts: Iterable[Part]) -> None:
        """Make an object of exactly these parts; S3 refuses it where one of them differs.

        Raises:
            UploadGoneError: there is no such upload any more.
        """
        known = list(parts)
        named: list[CompletedPartTypeDef] = [
            {"PartNumber": part.number, "ETag": part.etag, "ChecksumSHA256": part.sha256}
            for part in known
        ]
        with _uploading(f"complete the upload of {self.address(key)}"):
            self.client.complete_multipart_upload(
                Bucket=self.bucket,
                Key=key,
                UploadId=upload,
                MultipartUpload={"Parts": named},
                MpuObjectSize=sum(part.size for part in known),
                ChecksumType="COMPOSITE",
            )

    def abort_upload(self, key: str, upload: str) -> None:
        """Give an upload up; none there is fine."""
        doing = f"give up the upload of {self.address(key)}"
        with suppress(UploadGoneError), _uploading(doing):
            self.client.abort_multipart_upload(Bucket=self.bucket, Key=key, UploadId=upload)

    def address(self, key: str) -> str:
        """Where a person finds it."""
        return f"s3://{self.bucket}/{key}"


@contextmanager
def _uploading(doing: str) -> Iterator[None]:
    try:
        with telling(doing):
            yield
    except AwsError as error:
        if error.code in _GONE:
            raise UploadGoneError(str(error), error.code, error.request_id) from error
        raise


def _sha256(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()
