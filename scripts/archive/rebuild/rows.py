"""Rows of the archive list from what objects say of themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive import archive_list, object_metadata, shares
from scripts.archive.archive_list import Entry
from scripts.archive.batches import batched
from scripts.archive.bucket_versions import Version

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_WORKERS = 32  # each waits for S3 most of the time
_BATCH = 1000  # rows that are committed together


@dataclass(frozen=True)
class Skipped:
    """A version that gives no row, and why."""

    key: str
    version_id: str
    code: str
    reason: str


@dataclass(frozen=True)
class Progress:
    """What became of so many versions, in the order of their keys."""

    looked_at: int
    inserted: int
    skipped: Sequence[Skipped]


def rebuild(
    connection: Connection,
    s3: S3Client,
    bucket: str,
    versions: Iterable[Version],
    marker_suffix: str,
) -> Iterator[Progress]:
    """Add a row for each version that has none. What is recorded already is not asked S3 for.

    In the end no row names a marker where a requester's own file of that name is archived.

    Args:
        versions: read as they are needed; markers of deletion are passed over.
        marker_suffix: what a marker's name has after the original's.
    """

    def look(version: Version) -> Entry | Skipped:
        return _look(s3, bucket, version, marker_suffix)

    objects = (version for version in versions if not version.is_marker)
    with ThreadPoolExecutor(_WORKERS, "head") as pool:
        for batch in batched(objects, _BATCH):
            yield _add(connection, bucket, batch, lambda new: pool.map(look, new))
    archive_list.drop_taken_markers(connection, bucket, marker_suffix)


def _add(
    connection: Connection,
    bucket: str,
    batch: Sequence[Version],
    look: Callable[[Iterable[Version]], Iterable[Entry | Skipped]],
) -> Progress:
    known = _known(connection, bucket, batch)
    new = [version for version in batch if (version.key, version.version_id) not in known]
    looked = list(look(new))
    entries = [each for each in looked if isinstance(each, Entry)]
    if entries:
        archive_list.record(connection, entries)
    skipped = [each for each in looked if isinstance(each, Skipped)]
    return Progress(len(batch), len(entries), skipped)


def _known(connection: Connection, bucket: str, batch: Sequence[Version]) -> set[tuple[str, str]]:
    with connection, connection.cursor() as cursor:
        cursor.execute(
            'SELECT "S3キー", "バージョンID" FROM archive_list'
            ' WHERE "S3バケット名" = %s AND "S3キー" COLLATE "C" = ANY(%s)',
            (bucket, [version.key for version in batch]),
        )
        return set(cursor)


def _look(s3: S3Client, bucket: str, version: Version, marker_suffix: str) -> Entry | Skipped:
    where = (version.key, version.version_id)
    try:
        head = s3.head_object(
            Bucket=bucket, Key=version.key, VersionId=version.version_id, ChecksumMode="ENABLED"
        )
    except ClientError as error:
        return Skipped(*where, error.response["Error"]["Code"], f"S3 が応答を拒みました: {error}")
    except BotoCoreError as error:
        return Skipped(*where, type(error).__name__, f"S3 に接続できません: {error}")
    carried = object_metadata.read(head["Metadata"])
    sha256 = head.get("ChecksumSHA256")
    if carried is None or sha256 is None:
        return Skipped(*where, "NotArchived", "archive put が保管したものではありません")
    return Entry(
        bucket=bucket,
        key=version.key,
        archived_at=carried.archived_at,
        request_id=carried.request_id,
        comment=carried.comment,
        requester=carried.requester,
        size=head["ContentLength"],
        sha256=sha256,
        part_size=carried.part_size,
        etag=head["ETag"].strip('"'),
        version_id=version.version_id,
        modified=carried.modified,
        marker=shares.name(version.key) + marker_suffix,
    )
