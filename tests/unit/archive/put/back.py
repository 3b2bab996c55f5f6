"""A share, a bucket and an archive list, as put's transfer meets them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive import archive_list, clients
from scripts.archive.put.originals import Original, Request
from scripts.archive.put.outcomes import Archived, Failed
from scripts.archive.put.sending.transfer import archive
from scripts.archive.put.tools import Tools
from scripts.archive.shares import Shares
from scripts.local_aws import LocalAws
from tests.conftest import Database

SHARE = "fsx-server-name/share"
REGION = "ap-northeast-1"
SUFFIX = "_archived.txt"
REQUEST = Request("REQ-1", "経理部 山田", "2023年度分")
_numbers = count(1)


@dataclass(frozen=True)
class Back:
    """Where originals are, and where they go.

    Args:
        mount: where the share is mounted.
        s3: a client that may do everything.
    """

    mount: Path
    tools: Tools
    s3: Any
    database: Database

    def write(self, path: str, content: bytes = b"content") -> Original:
        """A file of the share."""
        file = self.mount / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return self.original(path)

    def original(self, path: str) -> Original:
        """A file as the check sees it."""
        found = (self.mount / path).stat()
        return Original(f"{SHARE}/{path}", found.st_size, found.st_mtime_ns)

    def archive(
        self, *originals: Original, tools: Tools | None = None, request: Request = REQUEST
    ) -> list[Archived | Failed]:
        """Archive these; what became of each, in the order given."""
        outcomes = archive(originals, request, tools or self.tools, lambda _: None)
        by_key = {outcome.original.key: outcome for outcome in outcomes}
        assert len(by_key) == len(originals)
        return [by_key[original.key] for original in originals]

    def versions(self) -> list[tuple[str, str]]:
        """Key and version id of everything in the bucket."""
        pages = self.s3.get_paginator("list_object_versions").paginate(Bucket=self.tools.bucket)
        return sorted(
            (version["Key"], version["VersionId"])
            for page in pages
            for version in page.get("Versions", [])
        )

    def rows(self) -> list[tuple[object, ...]]:
        """Key, version id and marker of every row."""
        return self.database.query(
            'SELECT "S3キー", "バージョンID", "マーカー" FROM archive_list ORDER BY 1, id'
        )

    def uploads(self) -> int:
        """How many unfinished uploads the bucket has."""
        listed = self.s3.list_multipart_uploads(Bucket=self.tools.bucket)
        return len(listed.get("Uploads", []))

    def markers(self) -> list[str]:
        """The empty files of the share that are named like markers."""
        return sorted(
            str(path.relative_to(self.mount))
            for path in self.mount.rglob(f"*{SUFFIX}")
            if path.stat().st_size == 0
        )

    def with_connect(self, connect: Callable[[], Connection]) -> Tools:
        """The same tools with another way to the archive list."""
        return replace(self.tools, connect=connect)


def make(aws: LocalAws, database: Database, mount: Path) -> Back:
    """An empty share, an empty bucket and an empty archive list.

    The environment leads the clients to the local AWS: AWS_ENDPOINT_URL and credentials are set.
    """
    s3 = aws.client("s3")
    bucket = f"put-{os.getpid()}-{next(_numbers)}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    with closing(database.server.connect(database.name)) as connection:
        archive_list.create(connection)
    mount.mkdir()
    tools = Tools(
        Shares({SHARE: mount}),
        bucket,
        clients.store(bucket, REGION),
        clients.s3(REGION),
        lambda: database.server.connect(database.name),
        SUFFIX,
    )
    return Back(mount, tools, s3, database)


def archived(outcomes: Iterable[Archived | Failed]) -> list[Archived]:
    """All of them, which must be archived."""
    found = list(outcomes)
    assert all(isinstance(outcome, Archived) for outcome in found), found
    return [outcome for outcome in found if isinstance(outcome, Archived)]


def failed(outcomes: Sequence[Archived | Failed]) -> list[Failed]:
    """Those that failed."""
    return [outcome for outcome in outcomes if isinstance(outcome, Failed)]
