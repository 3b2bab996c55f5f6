"""A bucket's JSON objects and streams of JSON lines, with little memory whatever their length.

A key that ends with `.gz` is read and written compressed. An object that is being written appears
when it is whole: a run that dies leaves what was there before.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from botocore.exceptions import BotoCoreError, ClientError
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from batchworks.errors import JobError
from nas_sync.aws import telling
from nas_sync.errors import AwsUnavailable, MissingObject

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef, ObjectTypeDef

_BLOCK = 4 * 1024 * 1024  # bytes that one request reads
_SLICE = 64 * 1024  # bytes that are compressed or inflated at a time
_PART = 8 * 1024 * 1024  # bytes; S3 takes 10,000 parts of at least 5 MiB, so 80 GiB
_GZIP = 31  # zlib's number for a gzip stream
_LEVEL = 3  # half the time of zlib's default for a few percent more bytes

# A connection may break while an answer is read, which botocore doesn't repeat.
_again = retry(
    retry=retry_if_exception_type(AwsUnavailable),
    stop=stop_after_attempt(5),
    wait=wait_random_exponential(multiplier=0.2, max=5),
    reraise=True,
)


@dataclass(frozen=True)
class Found:
    """A JSON object as it was when it was read."""

    value: Any
    etag: str


@dataclass(frozen=True)
class Store:
    """A bucket."""

    s3: S3Client
    bucket: str

    def read_json(self, key: str) -> Any:
        """What an object holds.

        Raises:
            MissingObject: there is none.
        """
        if (found := self.find_json(key)) is None:
            raise MissingObject(f"{self.address(key)} isn't there")
        return found.value

    def find_json(self, key: str) -> Found | None:
        """What an object holds, and which version of it; None where there is none."""
        try:
            body, etag, _ = self._block(key, 0, None)
        except MissingObject:
            return None
        whole = b"".join([body, *self._blocks(key, len(body), etag)]) if body else body
        return Found(orjson.loads(whole), etag)

    def write_json(self, key: str, value: object) -> None:
        """Write an object."""
        self._put(key, orjson.dumps(value))

    def replace_json(self, key: str, value: object, seen: Found | None) -> None:
        """Write an object unless somebody else did since it was looked at.

        Args:
            key: the object.
            value: what it is to hold.
            seen: what `find_json` gave.

        Raises:
            ObjectChanged: somebody did.
        """
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        condition = {"IfNoneMatch": "*"} if seen is None else {"IfMatch": seen.etag}
        self._put(key, orjson.dumps(value), condition)

    def lines(self, key: str) -> Iterator[dict[str, Any]]:
        """The objects that the lines of an object hold, one after the other.

        Raises:
            MissingObject: there is no such object.
            JobError: a line is no JSON, or the compressed stream is damaged.
        """
        for number, line in enumerate(self.raw_lines(key), 1):
            try:
                yield orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise JobError(
                    f"line {number} of {self.address(key)} is no JSON: {error}"
                ) from error

    def raw_lines(self, key: str) -> Iterator[bytes]:
        """The lines as they are, without line feeds and without empty ones.

        Raises:
            MissingObject: there is no such object.
            JobError: the compressed stream is damaged.
        """
        blocks = self._blocks(key, 0, None)
        pieces = self._inflated(key, blocks) if key.endswith(".gz") else blocks
        rest = b""
        for piece in pieces:
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                if line:
                    yield line
        if rest:
            yield rest

    def write_lines(self, key: str, rows: Iterable[object]) -> int:
        """Write an object with a line for each row; how many there were."""
        with self.writing(key) as out:
            for row in rows:
                out.write(row)
        return out.count

    @contextmanager
    def writing(self, key: str) -> Iterator[Lines]:
        """Write an object line by line; it appears when the block ends without an error."""
        out = Lines(self, key)
        try:
            yield out
            out.close()
        except BaseException:
            out.give_up()
            raise

    def objects(self, prefix: str) -> Iterator[ObjectTypeDef]:
        """The objects under a prefix, sorted by the UTF-8 bytes of their keys."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        with telling(f"list {self.address(prefix)}"):
            for page in pages:
                yield from page.get("Contents", ())

    def keys(self, prefix: str) -> Iterator[str]:
        """The keys under a prefix, sorted by their UTF-8 bytes."""
        return (found["Key"] for found in self.objects(prefix))

    def exists(self, key: str) -> bool:
        """Whether there is such an object."""
        try:
            with telling(f"look at {self.address(key)}"):
                self.s3.head_object(Bucket=self.bucket, Key=key)
        except MissingObject:
            return False
        return True

    def address(self, key: str) -> str:
        """Where a person finds an object."""
        return f"s3://{self.bucket}/{key}"

    def _put(self, key: str, body: bytes, condition: Mapping[str, Any] | None = None) -> None:
        with telling(f"write {self.address(key)}"):
            self.s3.put_object(
                Bucket=self.bucket,
                Key=key,
                Body=body,
                ContentType=_content_type(key),
                **(condition or {}),
            )

    def _blocks(self, key: str, begin: int, etag: str | None) -> Iterator[bytes]:
        """The bytes of an object from a position on; all of them of one version."""
        more = True
        while more:
            body, etag, size = self._block(key, begin, etag)
            begin += len(body)
            more = begin < size
            yield body

    @_again
    def _block(self, key: str, begin: int, etag: str | None) -> tuple[bytes, str, int]:
        """Some bytes of an object, its ETag, and how many it has in all."""
        wanted: dict[str, Any] = {"Range": f"bytes={begin}-{begin + _BLOCK - 1}"}
        if etag:
            wanted["IfMatch"] = etag
        with telling(f"read {self.address(key)}"):
            try:
                answer = self.s3.get_object(Bucket=self.bucket, Key=key, **wanted)
            except ClientError as error:
                if error.response["Error"].get("Code") == "InvalidRange":
                    return b"", etag or "", begin  # nothing is behind the end
                raise
            size = int(answer["ContentRange"].rpartition("/")[2])
            return answer["Body"].read(), answer["ETag"], size

    def _inflated(self, key: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
        inflate = zlib.decompressobj(_GZIP)
        try:
            for block in blocks:
                for begin in range(0, len(block), _SLICE):
                    yield inflate.decompress(block[begin : begin + _SLICE])
        except zlib.error as error:
            raise JobError(f"{self.address(key)} is damaged: {error}") from error
        if not inflate.eof:
            raise JobError(f"{self.address(key)} is damaged: it ends too early")


class Lines:
    """An object that is being written; `Store.writing` makes it."""

    def __init__(self, store: Store, key: str) -> None:
        """Nothing is sent before there is a part's worth of it."""
        self.count = 0  # lines written
        self._store = store
        self._key = key
        self._compress = zlib.compressobj(_LEVEL, wbits=_GZIP) if key.endswith(".gz") else None
        self._waiting: list[bytes] = []  # lines that are not compressed yet
        self._waiting_bytes = 0
        self._part = bytearray()
        self._upload: str | None = None
        self._parts: list[CompletedPartTypeDef] = []

    def write(self, row: object) -> None:
        """Add a line that holds a JSON value."""
        self.write_raw(orjson.dumps(row))

    def write_raw(self, line: bytes) -> None:
        """Add a line that is JSON already, without a line feed."""
        self.count += 1
        self._waiting.append(line)
        self._waiting_bytes += len(line)
        if self._waiting_bytes >= _SLICE:
            self._flush()

    def close(self) -> None:
        """Let the object appear."""
        self._flush()
        if self._compress:
            self._part += self._compress.flush()
        if self._upload is None:
            self._store._put(self._key, bytes(self._part))
            return
        if self._part:
            self._send(self._upload)
        with telling(f"write {self._store.address(self._key)}"):
            self._store.s3.complete_multipart_upload(
                Bucket=self._store.bucket,
                Key=self._key,
                UploadId=self._upload,
                MultipartUpload={"Parts": self._parts},
            )

    def give_up(self) -> None:
        """Leave everything as it was; the error that led here is the one that is told."""
        if self._upload is not None:
            with suppress(ClientError, BotoCoreError):  # what is left, the bucket clears away
                self._store.s3.abort_multipart_upload(
                    Bucket=self._store.bucket, Key=self._key, UploadId=self._upload
                )

    def _flush(self) -> None:
        if not self._waiting:
            return
        piece = b"\n".join(self._waiting) + b"\n"
        self._part += self._compress.compress(piece) if self._compress else piece
        self._waiting.clear()
        self._waiting_bytes = 0
        if len(self._part) >= _PART:
            self._send(self._upload or self._begin())

    def _begin(self) -> str:
        with telling(f"write {self._store.address(self._key)}"):
            answer = self._store.s3.create_multipart_upload(
                Bucket=self._store.bucket, Key=self._key, ContentType=_content_type(self._key)
            )
        self._upload = answer["UploadId"]
        return self._upload

    def _send(self, upload: str) -> None:
        number = len(self._parts) + 1
        with telling(f"write part {number} of {self._store.address(self._key)}"):
            answer = self._store.s3.upload_part(
                Bucket=self._store.bucket,
                Key=self._key,
                UploadId=upload,
                PartNumber=number,
                Body=bytes(self._part),
            )
        self._parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        self._part.clear()


def _content_type(key: str) -> str:
    if key.endswith(".csv"):
        return "text/csv; charset=utf-8"
    return "application/gzip" if key.endswith(".gz") else "application/json"
