"""A bucket's JSON objects and streams of JSON lines, with little memory whatever their length.

A key that ends with `.gz` is read and written compressed.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from batchworks.errors import JobError
from nas_sync.aws import telling
from nas_sync.errors import MissingObject
from nas_sync.objects import Object, Upload

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ObjectTypeDef

_SLICE = 64 * 1024  # bytes that are compressed or inflated at a time
_GZIP = 31  # zlib's number for a gzip stream
_LEVEL = 3  # half the time of zlib's default for a few percent more bytes


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
            body, etag = self._object(key).read()
        except MissingObject:
            return None
        return Found(orjson.loads(body), etag)

    def write_json(self, key: str, value: object) -> None:
        """Write an object."""
        self._object(key).put(orjson.dumps(value))

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
        self._object(key).put(orjson.dumps(value), condition)

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
        blocks = self._object(key).blocks()
        pieces = _inflated(blocks, self.address(key)) if key.endswith(".gz") else blocks
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
        upload = Upload(self._object(key))
        out = Lines(upload, compressed=key.endswith(".gz"))
        try:
            yield out
            out.close()
        except BaseException:
            upload.give_up()
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
        return self._object(key).address

    def _object(self, key: str) -> Object:
        return Object(self.s3, self.bucket, key)


class Lines:
    """An object that is being written; `Store.writing` makes it."""

    def __init__(self, upload: Upload, *, compressed: bool) -> None:
        """Nothing is written yet."""
        self.count = 0  # lines written
        self._upload = upload
        self._compress = zlib.compressobj(_LEVEL, wbits=_GZIP) if compressed else None
        self._waiting: list[bytes] = []  # lines that are not compressed yet
        self._waiting_bytes = 0

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
            self._upload.write(self._compress.flush())
        self._upload.finish()

    def _flush(self) -> None:
        if self._waiting:
            piece = b"\n".join(self._waiting) + b"\n"
            self._upload.write(self._compress.compress(piece) if self._compress else piece)
            self._waiting.clear()
            self._waiting_bytes = 0


def _inflated(blocks: Iterable[bytes], address: str) -> Iterator[bytes]:
    inflate = zlib.decompressobj(_GZIP)
    try:
        for block in blocks:
            for begin in range(0, len(block), _SLICE):
                yield inflate.decompress(block[begin : begin + _SLICE])
    except zlib.error as error:
        raise JobError(f"{address} is damaged: {error}") from error
    if not inflate.eof:
        raise JobError(f"{address} is damaged: it ends too early")
