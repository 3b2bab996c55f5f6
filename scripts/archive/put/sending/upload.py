"""Sends an original, once: what the bucket has already is adopted, or becomes an older version.

S3 verifies what it receives: each request carries the SHA-256 of its body, which S3 computes again
before it answers. So the answer is the proof, and no request is spent on asking again.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from threading import Event
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import AlreadyExistsError, NotFoundError, PreconditionError

from scripts.archive.archive_list import Entry
from scripts.archive.checksum import of_body
from scripts.archive.object_metadata import Carried, describe, moment
from scripts.archive.put.originals import Original, Request
from scripts.archive.put.sending import parts, reading
from scripts.archive.put.sending.budget import Budget
from scripts.archive.put.sending.multipart import PartSender
from scripts.archive.put.sending.present import Present, TakenError, look, versioned
from scripts.archive.put.tools import STORAGE_CLASS, Tools

if TYPE_CHECKING:
    from obstore import PutMode

_MEMORY = 32 * parts.MIB  # for files that are sent in one request
_PART_THREADS = 8
_ATTEMPTS = 3  # each one after somebody else was faster


class ContestedError(Exception):
    """Somebody else changes the same object again and again."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An original is in the bucket.

    Args:
        entry: its row to be; the marker is not decided yet.
        adopted: it was there already.
    """

    original: Original
    entry: Entry
    adopted: bool


class Uploads:
    """The uploads of a run; many threads may send at once.

    Args:
        on_bytes: told the bytes that arrived.
    """

    def __init__(self, tools: Tools, request: Request, on_bytes: Callable[[int], None]) -> None:
        self._tools = tools
        self._request = request
        self._on_bytes = on_bytes
        self._memory = Budget(_MEMORY)
        self._threads = ThreadPoolExecutor(_PART_THREADS, "part")
        self._parts = PartSender(tools, self._threads, Event(), on_bytes)

    def stop(self) -> None:
        """Give up large files that are being sent; what is on its way still arrives."""
        self._parts.stopped.set()

    def close(self) -> None:
        """Free the threads, once nobody sends any more."""
        self._threads.shutdown()

    def send(self, original: Original) -> Sent:
        """Make sure that the bucket has an original as it is now.

        Raises:
            FileChangedError: it is not what the check saw, or changes meanwhile.
            OSError: it can't be read.
            BaseError, ClientError, BotoCoreError: S3 refuses, or can't be reached.
            UnversionedError: the bucket keeps no versions.
            ContestedError: somebody else changes the same object.
        """
        carried = Carried(
            datetime.now(UTC),
            self._request.request_id,
            self._request.requester,
            self._request.comment,
            moment(original.modified),
            parts.part_size(original.size),
        )
        if carried.part_size is None:
            with self._memory.hold(original.size):
                return self._send_whole(original, carried)
        return self._send_parts(original, carried, carried.part_size)

    def _send_whole(self, original: Original, carried: Carried) -> Sent:
        content = reading.whole(self._tools.shares.local(original.key), original)
        attributes = {"Storage-Class": STORAGE_CLASS, **describe(carried)}

        def put(over: Present | None) -> Present:
            mode: PutMode = "create" if over is None else {"e_tag": over.etag}
            try:
                answer = obstore.put(
                    self._tools.store,
                    original.key,
                    content,
                    mode=mode,
                    attributes=attributes,
                    use_multipart=False,
                )
            except (AlreadyExistsError, PreconditionError) as error:
                raise TakenError from error
            except FileNotFoundError as error:  # the bucket; it would pass for the original
                raise NotFoundError(str(error)) from error
            version = versioned(answer["version"])
            return Present(original.size, checksum, answer["e_tag"] or "", version, carried)

        checksum = of_body(sha256(content).digest())
        sent = self._put_once(original, carried, checksum, put)
        self._on_bytes(original.size)
        return sent

    def _send_parts(self, original: Original, carried: Carried, part_size: int) -> Sent:
        there = self._look(original)
        if there and self._is_same(there, original, part_size):
            self._on_bytes(original.size)
            return self._found(original, carried, there)
        with self._parts.sent(original, carried, part_size) as upload:
            return self._put_once(original, carried, upload.checksum, upload.complete, there)

    def _put_once(
        self,
        original: Original,
        carried: Carried,
        checksum: str,
        put: Callable[[Present | None], Present],
        over: Present | None = None,
    ) -> Sent:
        """Put where nothing is, or over what is different; adopt what is the same."""
        for _ in range(_ATTEMPTS):
            try:
                return Sent(original, self._entry(original, carried, put(over)), adopted=False)
            except TakenError:
                over = self._look(original)
                if over and (over.size, over.sha256) == (original.size, checksum):
                    return self._found(original, carried, over)
        raise ContestedError

    def _is_same(self, there: Present, original: Original, part_size: int) -> bool:
        if there.size != original.size:
            return False
        return there.sha256 == self._parts.checksum(original, part_size)

    def _look(self, original: Original) -> Present | None:
        return look(self._tools.s3, self._tools.bucket, original.key)

    def _found(self, original: Original, carried: Carried, there: Present) -> Sent:
        known = replace(there.carried or carried, modified=carried.modified)
        entry = self._entry(original, known, there)
        return Sent(original, entry, adopted=True)

    def _entry(self, original: Original, carried: Carried, there: Present) -> Entry:
        return Entry(
            bucket=self._tools.bucket,
            key=original.key,
            archived_at=carried.archived_at,
            request_id=carried.request_id,
            comment=carried.comment,
            requester=carried.requester,
            size=original.size,
            sha256=there.sha256 or "",
            part_size=carried.part_size,
            etag=there.etag.strip('"'),
            version_id=there.version_id,
            modified=carried.modified,
            marker=None,
        )
