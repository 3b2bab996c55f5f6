"""Sends a large file in parts, several at a time, none of them in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from scripts.archive.checksum import of_body, of_parts
from scripts.archive.object_metadata import Carried, describe
from scripts.archive.put.originals import Original
from scripts.archive.put.sending import parts
from scripts.archive.put.sending.present import Present, TakenError, versioned
from scripts.archive.put.sending.reading import Slice, unchanged
from scripts.archive.put.tools import STORAGE_CLASS, Tools

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef

AHEAD = 8
"""Parts of one file that are under way at a time."""

Sent: TypeAlias = "tuple[CompletedPartTypeDef, bytes]"  # and its digest
_T = TypeVar("_T")
_R = TypeVar("_R")


class StoppedError(Exception):
    """The run ends; what was being sent is given up."""


@dataclass(frozen=True)
class _Part:
    number: int
    offset: int
    length: int


@dataclass(frozen=True)
class Upload:
    """All parts are in S3, verified by it; the object is not there before `complete`."""

    tools: Tools
    original: Original
    carried: Carried
    upload_id: str
    sent: list[Sent]

    @property
    def checksum(self) -> str:
        """What S3 will say of the whole."""
        return of_parts([digest for _, digest in self.sent])

    def complete(self, over: Present | None) -> Present:
        """Make the object of its parts: a new one, or over one that is there.

        Raises:
            TakenError: something else is there.
            ClientError, BotoCoreError: S3 refuses, or can't be reached.
        """
        condition = {"IfNoneMatch": "*"} if over is None else {"IfMatch": over.etag}
        try:
            answer = self.tools.s3.complete_multipart_upload(
                Bucket=self.tools.bucket,
                Key=self.original.key,
                UploadId=self.upload_id,
                MultipartUpload={"Parts": [part for part, _ in self.sent]},
                ChecksumSHA256=self.checksum,
                **condition,  # type: ignore[arg-type]  # one of two conditions
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "PreconditionFailed":
                raise TakenError from error
            raise
        version = versioned(answer.get("VersionId"))
        return Present(self.original.size, self.checksum, answer["ETag"], version, self.carried)


@dataclass(frozen=True)
class PartSender:
    """Sends files in parts, several parts at a time.

    Args:
        threads: send the parts of all files.
        stopped: is set when the run ends; no further part is sent then.
        on_bytes: told the bytes that arrived.
    """

    tools: Tools
    threads: Executor
    stopped: Event
    on_bytes: Callable[[int], None]

    def checksum(self, original: Original, part_size: int) -> str:
        """What S3 says of a file that was sent in parts of this size.

        Raises:
            FileChangedError: it is not what the check saw.
            OSError: it can't be read.
        """
        path = self.tools.shares.local(original.key)

        def digest(part: _Part) -> bytes:
            with path.open("rb", buffering=0) as file:
                return Slice(file, part.offset, part.length).digest()

        digests = list(_ahead(self.threads, digest, _numbered(original.size, part_size)))
        unchanged(path, original)
        return of_parts(digests)

    @contextmanager
    def sent(self, original: Original, carried: Carried, part_size: int) -> Iterator[Upload]:
        """Send all parts; what is not completed when the block fails is removed.

        Raises:
            FileChangedError: the file is not what the check saw, or changes meanwhile.
            OSError: it can't be read.
            StoppedError: the run ends.
            ClientError, BotoCoreError: S3 refuses, or can't be reached.
        """
        path = self.tools.shares.local(original.key)
        unchanged(path, original)
        upload_id = self.tools.s3.create_multipart_upload(
            Bucket=self.tools.bucket,
            Key=original.key,
            StorageClass=STORAGE_CLASS,
            ChecksumAlgorithm="SHA256",
            Metadata=describe(carried),
        )["UploadId"]

        def send(part: _Part) -> Sent:
            with path.open("rb", buffering=0) as file:
                body = Slice(file, part.offset, part.length)
                return self._send(original.key, upload_id, part.number, body)

        try:
            finished = list(_ahead(self.threads, send, _numbered(original.size, part_size)))
            unchanged(path, original)
            yield Upload(self.tools, original, carried, upload_id, finished)
        except BaseException:
            self._abort(original.key, upload_id)
            raise

    def _send(self, key: str, upload_id: str, number: int, body: Slice) -> Sent:
        if self.stopped.is_set():
            raise StoppedError
        digest = body.digest()
        checksum = of_body(digest)
        answer = self.tools.s3.upload_part(
            Bucket=self.tools.bucket,
            Key=key,
            UploadId=upload_id,
            PartNumber=number,
            Body=body,  # type: ignore[arg-type]  # a file, as it wants
            ChecksumSHA256=checksum,
        )
        self.on_bytes(len(body))
        part: CompletedPartTypeDef = {
            "PartNumber": number,
            "ETag": answer["ETag"],
            "ChecksumSHA256": checksum,
        }
        return part, digest

    def _abort(self, key: str, upload_id: str) -> None:
        with suppress(ClientError, BotoCoreError):  # the bucket's lifecycle does it later
            self.tools.s3.abort_multipart_upload(
                Bucket=self.tools.bucket, Key=key, UploadId=upload_id
            )


def _numbered(size: int, part_size: int) -> Iterator[_Part]:
    for number, (offset, length) in enumerate(parts.ranges(size, part_size), 1):
        yield _Part(number, offset, length)


def _ahead(pool: Executor, work: Callable[[_T], _R], items: Iterable[_T]) -> Iterator[_R]:
    """Results in the order of the items, of which a few are worked on ahead."""
    waiting: deque[Future[_R]] = deque()
    try:
        for item in items:
            if len(waiting) == AHEAD:
                yield waiting.popleft().result()
            waiting.append(pool.submit(work, item))
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
        wait(waiting)
