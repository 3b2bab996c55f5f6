"""A share on disk with an archive list beside it, as put's check meets them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive import archive_list, lists, object_metadata, shares
from scripts.archive.archive_list import Entry
from scripts.archive.put.checking.check import Findings, check
from scripts.archive.put.checking.named import named
from scripts.archive.put.checking.spelling import resolver
from scripts.archive.put.originals import Original, Request
from scripts.archive.shares import Shares

SHARE = "fsx-server-name/share"
UNC = r"\\fsx-server-name\share"
BUCKET = "archive"
NOBODY = 65534


@dataclass(frozen=True)
class Front:
    """A share, and an archive list.

    Args:
        mount: where the share is mounted.
        connection: to the archive list.
        home: where lists are.
    """

    mount: Path
    connection: Connection
    home: Path
    request: Request = field(default=Request("REQ-1"))

    def write(self, path: str, content: bytes = b"x") -> Path:
        """A file of the share."""
        file = self.mount / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def check(self, content: str | bytes, request: Request | None = None) -> Findings:
        """What the check says of a list with this content."""
        path = self.home / "list.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        rows = lists.read(path, "ファイル名")
        with ThreadPoolExecutor(4) as pool:
            seen = named(rows, resolver(Shares({SHARE: self.mount})), pool)
            return check(seen, request or self.request, BUCKET, self.connection, pool)

    def record(self, *originals: Original, suffix: str | None = "_archived.txt") -> None:
        """Rows of the archive list, as if these were archived."""
        archive_list.record(self.connection, [_entry(original, suffix) for original in originals])


def keys(findings: Findings) -> list[str]:
    """What is to be archived, without the share."""
    return sorted(original.key.removeprefix(f"{SHARE}/") for original in findings.originals)


def told(findings: Findings) -> str:
    """The problems as one text."""
    return "\n".join(
        f"{problem.line}: {problem.path}: {problem.reason}。{problem.remedy}"
        for problem in findings.problems
    )


@contextmanager
def ordinary_user() -> Iterator[None]:
    """As somebody for whom permissions count, where the tests run as root."""
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(was)


def _entry(original: Original, suffix: str | None) -> Entry:
    return Entry(
        bucket=BUCKET,
        key=original.key,
        archived_at=datetime.now(UTC),
        request_id="REQ-0",
        comment=None,
        requester=None,
        size=original.size,
        sha256="c2hh",
        part_size=None,
        etag='"etag"',
        version_id=f"v{original.modified}",
        modified=object_metadata.moment(original.modified),
        marker=None if suffix is None else shares.name(original.key) + suffix,
    )
