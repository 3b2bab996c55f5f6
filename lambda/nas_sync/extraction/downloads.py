"""Files of the raw bucket in /tmp: the next ones come while one is read."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from nas_sync.aws import telling
from nas_sync.errors import AwsUnavailable, MissingObject, ObjectChanged
from nas_sync.extraction.answers import Answer, refusal
from nas_sync.records import Work
from nas_sync.store import Store

_THREADS = 4
_AHEAD = 8  # files
_BLOCK = 1024 * 1024
_PREFIX = "nas-sync-files-"


@dataclass(frozen=True)
class Download:
    """A file to read, or the answer about one that is not to be read."""

    work: Work
    metadata: Mapping[str, str] = field(default_factory=dict)  # of the object
    path: Path | None = None
    answer: Answer | None = None


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder for downloads; those of processes that were killed are cleared away.

    Lambda keeps /tmp when it ends a function that took too long.
    """
    home = Path(tempfile.gettempdir())
    for left in home.glob(f"{_PREFIX}*"):
        owner = int(left.name.removeprefix(_PREFIX).partition("-")[0])
        if owner == os.getpid() or not _runs(owner):
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{os.getpid()}-") as made:
        yield Path(made)


@contextmanager
def ahead(
    store: Store, rows: Iterable[Work], home: Path, file_bytes: int
) -> Iterator[Iterator[Download]]:
    """The files of a work file, in its order; a few are downloaded ahead.

    A file is deleted when the next one is asked for. Together they hold at most `file_bytes`.

    Args:
        store: the raw bucket.
        rows: the files.
        home: a folder for them.
        file_bytes: the most bytes of a file that is downloaded.
    """
    given_up = threading.Event()
    with ThreadPoolExecutor(_THREADS) as pool:
        try:
            yield _in_order(_Downloader(store, home, file_bytes, given_up), rows, pool)
        finally:
            given_up.set()
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class _Downloader:
    store: Store
    home: Path
    file_bytes: int
    given_up: threading.Event

    def size(self, work: Work) -> int:
        """How many bytes a file takes in the folder."""
        return 0 if self._unread(work) else work["size"]

    def get(self, number: int, work: Work) -> Download:
        """Download a file, or find out why not.

        Raises:
            AccessDenied: the function's role may not read it.
            AwsUnavailable: S3 can't just now.
        """
        unread = self._unread(work)
        try:
            if unread:
                return Download(work, self._metadata(work), answer=unread)
            path = self.home / f"{number}"
            return Download(work, self._content(work, path), path)
        except MissingObject:
            return Download(work, answer=refusal("gone", "it was deleted after the scan"))
        except ObjectChanged:
            why = "it was written again after the scan"
            return Download(work, answer=refusal("changed_meanwhile", why))

    def _unread(self, work: Work) -> Answer | None:
        if work["kind"] == "other":
            return {"status": "indexed"}
        if work["size"] == 0:
            return refusal("empty", "it has no bytes")
        if work["size"] > self.file_bytes:
            return refusal("too_large", f"{work['size']:,} bytes, at most {self.file_bytes:,}")
        return None

    def _metadata(self, work: Work) -> Mapping[str, str]:
        with telling(f"look at {self.store.address(work['key'])}"):
            answer = self.store.s3.head_object(Bucket=self.store.bucket, Key=work["key"])
        if answer["ETag"].strip('"') != work["etag"]:
            raise ObjectChanged(f"{self.store.address(work['key'])} changed after the scan")
        return answer["Metadata"]

    @retry(
        retry=retry_if_exception_type(AwsUnavailable),  # a connection that breaks in the middle
        stop=stop_after_attempt(3),
        wait=wait_random_exponential(multiplier=0.2, max=5),
        reraise=True,
    )
    def _content(self, work: Work, path: Path) -> Mapping[str, str]:
        with telling(f"read {self.store.address(work['key'])}"), path.open("wb") as file:
            answer = self.store.s3.get_object(
                Bucket=self.store.bucket, Key=work["key"], IfMatch=f'"{work["etag"]}"'
            )
            for block in answer["Body"].iter_chunks(_BLOCK):
                if self.given_up.is_set():
                    break
                file.write(block)
            return answer["Metadata"]


def _in_order(
    downloader: _Downloader, rows: Iterable[Work], pool: ThreadPoolExecutor
) -> Iterator[Download]:
    waiting: deque[tuple[Work, Future[Download]]] = deque()
    taken = 0  # bytes that those that wait take, or will
    coming = iter(enumerate(rows))
    upcoming = next(coming, None)
    while waiting or upcoming:
        while upcoming and _fits(len(waiting), taken + downloader.size(upcoming[1]), downloader):
            number, work = upcoming
            waiting.append((work, pool.submit(downloader.get, number, work)))
            taken += downloader.size(work)
            upcoming = next(coming, None)
        work, future = waiting[0]
        download = future.result()
        yield download
        if download.path:
            download.path.unlink(missing_ok=True)
        waiting.popleft()
        taken -= downloader.size(work)


def _fits(files: int, size: int, downloader: _Downloader) -> bool:
    return files < _AHEAD and size <= downloader.file_bytes


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
