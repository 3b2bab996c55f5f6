"""Writes an export's object: in parts under a name of its own, at its place only when whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from dynamodb_export import keys
from dynamodb_export.scan import encode, state
from dynamodb_export.scan.form import FORMS, packed
from dynamodb_export.scan.segments import Page
from dynamodb_export.scan.state import State
from dynamodb_export.scan.store import Store, UploadGoneError

_MIB = 1024 * 1024
PART_BYTES = 8 * _MIB


class Draft:
    """An object in the making. Memory: one part.

    Args:
        store: the bucket.
        begun: how far it came.
        part_bytes: what a part holds at least, except the last. S3 wants 5 MiB and at most 10,000
            parts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
    """

    def __init__(self, store: Store, begun: State, part_bytes: int = PART_BYTES) -> None:
        self.state = begun
        self._saved = begun
        self._store = store
        self._form = FORMS[begun.format]
        self._part_bytes = part_bytes
        self._tail = bytearray(begun.tail)

    def add(self, page: Page) -> None:
        """Write the page whose turn it is.

        Raises:
            AwsError: S3 did not take it.
        """
        if page.items:
            self._tail += self._packed(
                self._form.separator if self.state.items else self._form.opening
            )
            self._tail += page.content
        turns = self.state.waiting[1:] + ((page.next,) if page.next else ())
        self.state = replace(self.state, waiting=turns, items=self.state.items + page.items)
        if len(self._tail) >= self._wanted():
            self._put_part()
            self.save()

    def save(self) -> None:
        """Let a further run of this id go on from here."""
        self.state = replace(self.state, tail=bytes(self._tail))
        self._save(self.state)

    def close(self) -> None:
        """Write what stands behind the last item."""
        if self.state.closed:
            return
        self._tail += self._packed(self._form.closing if self.state.items else self._form.empty)
        if self.state.parts and self._tail:
            self._put_part()
        self.state = replace(self.state, tail=bytes(self._tail), closed=True)
        if self.state.parts:
            self.save()

    def appear(self) -> str:
        """Put the closed object at its place, in one step; where that is.

        Raises:
            UploadGoneError: the draft isn't there any more, nor is this run's object.
            AwsError: S3 did not do it.
        """
        done = self.state
        key = keys.scan_object(done.table, done.day, done.format, gzip=done.gzip)
        if done.upload is None or not done.parts:
            self._store.put(key, done.tail, _metadata(done))
        elif self._complete(done.draft, done.upload, key):
            self._store.copy(done.draft, key, _metadata(done))
        return self._store.address(key)

    def _complete(self, draft: str, upload: str, key: str) -> bool:
        """Make the draft whole; False where an earlier try came as far as to its place."""
        try:
            self._store.complete_upload(draft, upload, self.state.parts)
        except UploadGoneError:
            if self._store.metadata(draft) is not None:
                return True
            if (self._store.metadata(key) or {}).get("run-id") == self.state.run:
                return False
            raise
        return True

    def _put_part(self) -> None:
        now = self.state
        upload = now.upload or self._begin_upload()
        part = self._store.put_part(now.draft, upload, len(now.parts) + 1, bytes(self._tail))
        self._tail.clear()
        self.state = replace(now, upload=upload, parts=(*now.parts, part))

    def _begin_upload(self) -> str:
        """Begin the draft's upload, and note it at once, so that no dead run leaves one behind."""
        upload = self._store.begin_upload(self.state.draft)
        self._save(replace(self._saved, upload=upload))
        return upload

    def _save(self, reached: State) -> None:
        state.save(self._store, reached)
        self._saved = reached

    def _wanted(self) -> int:
        """Bytes of the next part: they grow, so that 10,000 parts take 430 GB."""
        return self._part_bytes * (1 + len(self.state.parts) // 1000)

    def _packed(self, piece: bytes) -> bytes:
        return packed(piece, gzip=self.state.gzip)


def _metadata(done: State) -> Mapping[str, str]:
    return {
        "table": done.table,
        "run-id": done.run,
        "item-count": str(done.items),
        "exported-at": done.exported_at,
        "export-version": encode.VERSION,
    }
