"""What archiving works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive.shares import Shares

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from obstore.store import S3Store

STORAGE_CLASS: Final = "DEEP_ARCHIVE"


@dataclass(frozen=True)
class Tools:
    """What archiving works with.

    Args:
        bucket: where objects go; it keeps versions.
        store: sends files that fit into one request.
        s3: sends larger ones in parts, and looks at what is there.
        connect: opens a session with the archive list.
        marker_suffix: what a marker's name has after the original's.
    """

    shares: Shares
    bucket: str
    store: S3Store
    s3: S3Client
    connect: Callable[[], Connection]
    marker_suffix: str
