"""Which files that are gone are there under another name. They may be many, so they lie on disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from nas_sync.records import Deleted, Entry, Status
from nas_sync.scan import disk

_TABLE = """
CREATE TABLE gone (
    key TEXT PRIMARY KEY, size INTEGER NOT NULL, etag TEXT NOT NULL, status TEXT, moved_to TEXT
) WITHOUT ROWID
"""
_UNUSED = "CREATE INDEX unused ON gone (etag, size, key) WHERE moved_to IS NULL"
_FIND = """
SELECT key, status FROM gone WHERE etag = ? AND size = ? AND moved_to IS NULL ORDER BY key LIMIT 1
"""


class Gone:
    """The files of the last batch that are no longer there."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """`gone` makes the database."""
        self.count = 0
        self._database = database
        database.execute(_TABLE)
        database.execute(_UNUSED)

    def add(self, entry: Entry) -> None:
        """Take note of a file."""
        self.count += 1
        self._database.execute(
            "INSERT INTO gone VALUES (?, ?, ?, ?, NULL)",
            (entry["key"], entry["size"], entry["etag"], entry.get("status")),
        )

    def moved(self, entry: Entry) -> tuple[str, Status] | None:
        """The key under which a new file was there before, and what had become of it.

        Each file that is gone has moved to one place at most. Empty files are all alike, so
        nothing says that one of them moved.
        """
        if not self.count or not entry["size"]:
            return None
        found: tuple[str, Status] | None = self._database.execute(
            _FIND, (entry["etag"], entry["size"])
        ).fetchone()
        if found:
            self._database.execute(
                "UPDATE gone SET moved_to = ? WHERE key = ?", (entry["key"], found[0])
            )
        return found

    def rows(self) -> Iterator[Deleted]:
        """All of them, sorted by key."""
        for key, size, etag, moved_to in self._database.execute(
            "SELECT key, size, etag, moved_to FROM gone ORDER BY key"
        ):
            row: Deleted = {"key": key, "size": size, "etag": etag}
            if moved_to is not None:
                row["moved_to"] = moved_to
            yield row


@contextmanager
def gone() -> Iterator[Gone]:
    """An empty note of files."""
    with disk.database() as notes:
        yield Gone(notes)
