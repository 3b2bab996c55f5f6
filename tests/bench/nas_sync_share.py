"""A share of a million files in two months, and stand-ins of what a batch talks to, all on disk.

So that what is measured is the scan and the reconciliation, in time and in memory.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from nas_sync.records import Entry, file_id, kind_of
from nas_sync.store import Store

FILES = 1_000_000
_TYPES = ("pdf", "docx", "xlsx", "jpg", "dwg", "txt", "pptx", "png", "pdf", "doc")
_PAGE = 1000  # keys that S3 gives at once


def month(number: int, files: int = FILES) -> Iterator[Entry]:
    """The share in a month, sorted by key: in the second, a tenth of it differs from the first.

    5 % changed, 3 % more came, 1 % went and 1 % moved.
    """
    for n in range(files):
        path = f"monthly-sync/営業部/案件-{n // 1000:04}/見積書-{n:07}"
        end = f".{_TYPES[n % len(_TYPES)]}"
        if number == 1:
            yield _entry(path + end, n)
            continue
        if n % 100 in {20, 50, 80}:
            yield _entry(f"{path}-2{end}", files + n)
        if n % 100 == 8:
            yield _entry(f"{path}-moved{end}", n)
        elif n % 100 != 7:
            yield _entry(path + end, n if n % 20 else 2 * files + n)


def _entry(key: str, content: int) -> Entry:
    etag = hashlib.md5(f"{content}".encode(), usedforsecurity=False).hexdigest()
    return {"key": key, "size": 1000 + content % 1_000_000, "etag": etag}


def fate(key: str) -> dict[str, str]:
    """What becomes of a file: 1 % fail, 3 % are skipped."""
    part = int(file_id(key)[:4], 16) % 100
    if part == 0:
        return {"status": "failed", "reason": "corrupt"}
    return {"status": "skipped", "reason": "encrypted"} if part < 4 else {"status": "indexed"}


class FolderS3:
    """As much of S3 as the steps use: objects are files; the share is a listing and no files."""

    def __init__(self, home: Path, number: int) -> None:
        """Objects lie in a folder; the listing is that of a month."""
        self._home = home / "objects"
        self._number = number
        self.requests = 0

    def get_object(self, *, Key: str, Range: str, **_: object) -> Any:  # noqa: N803 - boto3's
        """Some bytes of a file."""
        self.requests += 1
        path = self._home / Key
        if not path.exists():
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        begin, end = map(int, Range.removeprefix("bytes=").split("-"))
        size = path.stat().st_size
        if begin >= size:
            raise ClientError({"Error": {"Code": "InvalidRange"}}, "GetObject")
        with path.open("rb") as file:
            file.seek(begin)
            body = file.read(end - begin + 1)
        return {
            "Body": BytesIO(body),
            "ETag": '"1"',
            "ContentRange": f"bytes {begin}-{begin + len(body) - 1}/{size}",
        }

    def put_object(self, *, Key: str, Body: bytes, **_: object) -> Any:  # noqa: N803 - boto3's
        """Write a file."""
        self.requests += 1
        path = self._home / Key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(Body)

    def create_multipart_upload(self, *, Key: str, **_: object) -> Any:  # noqa: N803 - boto3's
        """Begin a file."""
        self.put_object(Key=f"{Key}.parts", Body=b"")
        return {"UploadId": "1"}

    def upload_part(self, *, Key: str, Body: bytes, **_: object) -> Any:  # noqa: N803 - boto3's
        """Write on."""
        self.requests += 1
        with (self._home / f"{Key}.parts").open("ab") as file:
            file.write(Body)
        return {"ETag": "1"}

    def complete_multipart_upload(self, *, Key: str, **_: object) -> Any:  # noqa: N803 - boto3's
        """End a file."""
        self.requests += 1
        (self._home / f"{Key}.parts").rename(self._home / Key)

    def get_paginator(self, _: str) -> Any:
        """Listings."""
        return self

    def paginate(self, *, Prefix: str, **_: object) -> Iterator[Any]:  # noqa: N803 - boto3's
        """The share's listing, or that of a folder."""
        if Prefix == "monthly-sync/":
            rows: Iterable[Mapping[str, Any]] = (
                {"Key": row["key"], "Size": row["size"], "ETag": f'"{row["etag"]}"'}
                for row in month(self._number)
            )
        else:
            paths = sorted((self._home / Prefix).glob("*"))
            rows = ({"Key": f"{Prefix}{path.name}", "Size": 1, "ETag": '"1"'} for path in paths)
        remaining = iter(rows)
        while page := list(islice(remaining, _PAGE)):
            self.requests += 1
            yield {"Contents": page}


def store(home: Path, number: int) -> Store:
    """A raw bucket in a month."""
    s3: Any = FolderS3(home, number)
    return Store(s3, "bench")


_TABLE = """
CREATE TABLE IF NOT EXISTS files (
    id TEXT PRIMARY KEY, image INTEGER, path TEXT, status TEXT, reason TEXT, size INTEGER,
    batch TEXT, gone TEXT
) WITHOUT ROWID
"""
_PATHS = "CREATE INDEX IF NOT EXISTS paths ON files (image, path, status, reason, size, batch)"
_PUT = "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, NULL)"
_GONE = "UPDATE files SET gone = ? WHERE id = ?"
_NEXT = """
SELECT id, path, status, reason, size, batch FROM files
WHERE image = ? AND path > ? AND gone IS NULL ORDER BY path LIMIT ?
"""


class Places:
    """OpenSearch and DynamoDB, as far as a reconciliation asks them: one table on disk."""

    def __init__(self, home: Path) -> None:
        """A table, if there is none; a connection for each thread."""
        self._file = home / "files.sqlite"
        self._threads = threading.local()
        self.indices = self
        self.requests = 0
        self.database.execute(_TABLE)
        self.database.execute(_PATHS)

    @property
    def database(self) -> sqlite3.Connection:
        """This thread's connection."""
        if not hasattr(self._threads, "database"):
            self._threads.database = sqlite3.connect(self._file)
        found: sqlite3.Connection = self._threads.database
        return found

    def put(self, rows: Iterable[Mapping[str, Any]], batch: str) -> None:
        """Index files."""
        self.database.executemany(
            _PUT,
            (
                (
                    *(file_id(row["key"]), kind_of(row["key"]) == "image"),
                    row["key"].removeprefix("monthly-sync/"),
                    *(row["status"], row.get("reason"), row["size"], batch),
                )
                for row in rows
            ),
        )

    def remove(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take files out of the index, and mark them."""
        self.database.executemany(_GONE, (("now", file_id(row["key"])) for row in rows))

    def exists(self, **_: object) -> bool:
        """Of an index."""
        return True

    def refresh(self, **_: object) -> None:
        """Of an index."""

    def create_pit(self, *, index: str, **_: object) -> Any:
        """A point in time, named as its index."""
        return {"pit_id": index}

    def delete_pit(self, **_: object) -> None:
        """Nothing is kept."""

    def search(self, *, body: Mapping[str, Any]) -> Any:
        """A page of documents."""
        self.requests += 1
        after = body.get("search_after", [""])[0]
        image = body["pit"]["id"] == "images"
        rows = self.database.execute(_NEXT, (image, after, body["size"]))
        return {"hits": {"hits": [_hit(row) for row in rows]}}

    def batch_get_item(self, *, RequestItems: Mapping[str, Any]) -> Any:  # noqa: N803 - boto3's
        """Items by id."""
        self.requests += 1
        ((table, wanted),) = RequestItems.items()
        ids = [key["file_id"]["S"] for key in wanted["Keys"]]
        marks = ", ".join("?" * len(ids))
        rows = self.database.execute(
            f"SELECT id, status, reason, size, batch, gone FROM files WHERE id IN ({marks})", ids
        )
        return {"Responses": {table: [_item(row) for row in rows]}}


def _hit(row: tuple[Any, ...]) -> dict[str, Any]:
    id_, path, status, reason, size, batch = row
    fields: dict[str, Any] = {"file_path": [path], "content_status": [status], "file_size": [size]}
    fields |= {"sync_batch_id": [batch]} | ({"reason": [reason]} if reason else {})
    return {"_id": id_, "fields": fields, "sort": [path, id_]}


def _item(row: tuple[Any, ...]) -> dict[str, Any]:
    id_, status, reason, size, batch, gone = row
    texts = {"file_id": id_, "content_status": status, "reason": reason, "sync_batch_id": batch}
    texts |= {"deleted_at": gone, "archived_to": gone}
    item: dict[str, Any] = {name: {"S": text} for name, text in texts.items() if text}
    return item | {"file_size": {"N": f"{size}"}}
