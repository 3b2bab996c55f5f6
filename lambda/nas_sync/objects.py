"""An object of a bucket as bytes: read block by block, written in one request or in parts.

What is being written appears when it is whole: a run that dies leaves what was there before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from nas_sync.aws import telling
from nas_sync.errors import AwsUnavailable

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

_BLOCK = 4 * 1024 * 1024  # bytes that one request reads
_PART = 8 * 1024 * 1024  # bytes; S3 takes 10,000 parts of at least 5 MiB, so 80 GiB

# A connection may break while an answer is read, which botocore doesn't repeat.
_again = retry(
    retry=retry_if_exception_type(AwsUnavailable),
    stop=stop_after_attempt(5),
    wait=wait_random_exponential(multiplier=0.2, max=5),
    reraise=True,
)


@dataclass(frozen=True)
class Object:
    """An object, whether it is there or not."""

    s3: S3Client
    bucket: str
    key: str

    @property
    def address(self) -> str:
        """Where a person finds it."""
        return f"s3://{self.bucket}/{self.key}"

    def read(self) -> tuple[bytes, str]:
        """What it holds, and its ETag.

        Raises:
            MissingObject: it isn't there.
        """
        found = list(self._blocks())
        return b"".join(body for body, _ in found), found[0][1]

    def blocks(self) -> Iterator[bytes]:
        """What it holds, in pieces of one version.

        Raises:
            MissingObject: it isn't there.
            ObjectChanged: somebody wrote it meanwhile.
        """
        return (body for body, _ in self._blocks())

    def put(self, body: bytes, condition: Mapping[str, str] | None = None) -> None:
        """Write it in one request.

        Args:
            body: what it is to hold.
            condition: `IfMatch` or `IfNoneMatch`.

        Raises:
            ObjectChanged: the condition doesn't hold.
        """
        how: dict[str, Any] = {"ContentType": _content_type(self.key), **(condition or {})}
        with telling(f"write {self.address}"):
            self.s3.put_object(Bucket=self.bucket, Key=self.key, Body=body, **how)

    def _blocks(self) -> Iterator[tuple[bytes, str]]:
        begin, size, etag = 0, 1, ""
        while begin < size:
            body, etag, size = self._block(begin, etag)
            begin += len(body)
            yield body, etag

    @_again
    def _block(self, begin: int, etag: str) -> tuple[bytes, str, int]:
        """Some bytes, the ETag, and how many bytes there are in all."""
        wanted: dict[str, Any] = {"Range": f"bytes={begin}-{begin + _BLOCK - 1}"}
        if etag:
            wanted["IfMatch"] = etag
        with telling(f"read {self.address}"):
            try:
                answer = self.s3.get_object(Bucket=self.bucket, Key=self.key, **wanted)
            except ClientError as error:
                if error.response["Error"].get("Code") == "InvalidRange":
                    return b"", etag, begin  # it is empty
                raise
            size = int(answer["ContentRange"].rpartition("/")[2])
            return answer["Body"].read(), answer["ETag"], size


class Upload:
    """Bytes on their way to an object; more than a part's worth go in parts."""

    def __init__(self, target: Object) -> None:
        """Nothing is sent yet."""
        self._target = target
        self._where: dict[str, Any] = {"Bucket": target.bucket, "Key": target.key}
        self._part = bytearray()
        self._id: str | None = None
        self._sent: list[CompletedPartTypeDef] = []

    def write(self, piece: bytes) -> None:
        """Add some bytes."""
        self._part += piece
        if len(self._part) >= _PART:
            self._send()

    def finish(self) -> None:
        """Let the object appear."""
        if self._id is None:
            self._target.put(bytes(self._part))
            return
        if self._part:
            self._send()
        with telling(f"write {self._target.address}"):
            self._target.s3.complete_multipart_upload(
                **self._where, UploadId=self._id, MultipartUpload={"Parts": self._sent}
            )

    def give_up(self) -> None:
        """Leave everything as it was; the error that led here is the one that is told."""
        if self._id is not None:
            with suppress(ClientError, BotoCoreError):  # what is left, the bucket clears away
                self._target.s3.abort_multipart_upload(**self._where, UploadId=self._id)

    def _send(self) -> None:
        number = len(self._sent) + 1
        with telling(f"write part {number} of {self._target.address}"):
            self._id = self._id or self._begin()
            answer = self._target.s3.upload_part(
                **self._where, UploadId=self._id, PartNumber=number, Body=bytes(self._part)
            )
        self._sent.append({"PartNumber": number, "ETag": answer["ETag"]})
        self._part.clear()

    def _begin(self) -> str:
        kind = _content_type(self._target.key)
        answer = self._target.s3.create_multipart_upload(**self._where, ContentType=kind)
        return answer["UploadId"]


def _content_type(key: str) -> str:
    if key.endswith(".csv"):
        return "text/csv; charset=utf-8"
    return "application/gzip" if key.endswith(".gz") else "application/json"
