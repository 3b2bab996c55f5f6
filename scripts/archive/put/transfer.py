"""Archives originals: object, row, marker, in this order, so that a kill anywhere is repaired."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scripts.archive.archive_list import Connection
from scripts.archive.put.originals import Original, Request
from scripts.archive.put.outcomes import Archived, Failed
from scripts.archive.shares import Shares

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from obstore.store import S3Store


@dataclass(frozen=True)
class Tools:
    """What archiving works with.

    Args:
        bucket: where objects go.
        store: sends files that fit into one request.
        s3: sends larger ones, and looks at what is there.
        connect: opens a session with the archive list.
        marker_suffix: what a marker's name has after the original's.
    """

    shares: Shares
    bucket: str
    store: S3Store
    s3: S3Client
    connect: Callable[[], Connection]
    marker_suffix: str


def archive(
    originals: Iterable[Original],
    request: Request,
    tools: Tools,
    on_bytes: Callable[[int], None],
) -> Iterator[Archived | Failed]:
    """Archive each original, and say of each what became of it, in the order they are done.

    Args:
        originals: read as they are needed; each key once.
        request: recorded with each of them.
        on_bytes: told the bytes that were sent, as they are; called by several threads.
    """
    raise NotImplementedError
