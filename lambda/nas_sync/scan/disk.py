"""Notes of a scan that may be many, so they lie on disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    """An empty database in the system's folder for temporary files, thrown away in the end."""
    with (
        TemporaryDirectory(prefix="scan-") as folder,
        closing(sqlite3.connect(Path(folder) / "notes.sqlite")) as notes,
    ):
        notes.execute("PRAGMA journal_mode = OFF")  # it is thrown away when anything goes wrong
        notes.execute("PRAGMA synchronous = OFF")
        yield notes
