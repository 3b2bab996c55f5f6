"""Compares the archive list with what a bucket has, in the database."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive.batches import batched
from scripts.archive.bucket_versions import Version

_AT_ONCE = 2000
_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))

_CREATE = """
CREATE TEMP TABLE listed (
    key TEXT COLLATE "C" NOT NULL, version_id TEXT NOT NULL, is_latest BOOLEAN NOT NULL,
    is_marker BOOLEAN NOT NULL, size BIGINT NOT NULL, etag TEXT NOT NULL,
    storage_class TEXT NOT NULL, modified TIMESTAMPTZ NOT NULL
) ON COMMIT DROP
"""
_COUNT = 'SELECT count(*) FROM archive_list WHERE "S3バケット名" = %(bucket)s AND {known}'
_KNOWN = "\"アーカイブ日時\" < %(settled)s AT TIME ZONE 'UTC' AND id <= %(newest)s"
_DIFFERENCES = f"""
SELECT CASE WHEN there.key IS NULL THEN 'missing' WHEN ours.id IS NULL THEN 'unexpected'
            WHEN ours."サイズ" <> there.size THEN 'size'
            WHEN btrim(ours."ETag", '"') <> there.etag THEN 'content' ELSE 'storage_class' END,
       coalesce(ours."S3キー", there.key), coalesce(ours."バージョンID", there.version_id),
       ours."依頼ID", ours."サイズ", there.size, there.storage_class
FROM (SELECT * FROM archive_list WHERE "S3バケット名" = %(bucket)s) AS ours
FULL JOIN (SELECT * FROM listed WHERE NOT is_marker) AS there
ON ours."S3キー" COLLATE "C" = there.key AND ours."バージョンID" = there.version_id
WHERE (there.key IS NULL AND {_KNOWN}) OR (ours.id IS NULL AND there.modified < %(taken)s)
OR ours."サイズ" <> there.size OR btrim(ours."ETag", '"') <> there.etag
OR (ours.id IS NOT NULL AND there.storage_class <> 'DEEP_ARCHIVE')
UNION ALL
SELECT 'deleted', key, version_id, NULL, NULL, NULL, NULL FROM listed
WHERE is_marker AND is_latest AND EXISTS (
    SELECT FROM archive_list
    WHERE "S3バケット名" = %(bucket)s AND "S3キー" COLLATE "C" = listed.key
)
"""  # noqa: S608


class Kind(StrEnum):
    """In what list and bucket differ."""

    MISSING = "missing"
    UNEXPECTED = "unexpected"
    SIZE = "size"
    CONTENT = "content"
    STORAGE_CLASS = "storage_class"
    DELETED = "deleted"


class Difference(NamedTuple):
    """One difference; what isn't known on its side is None."""

    kind: Kind
    key: str
    version_id: str
    request_id: str | None
    recorded_size: int | None
    size: int | None
    storage_class: str | None


def newest_row(connection: Connection) -> int:
    """The last row there is before the bucket is listed: later ones prove nothing."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM archive_list")
        (newest,) = cursor.fetchone() or (0,)
    return int(newest)


def compare(
    connection: Connection,
    bucket: str,
    versions: Iterable[Version],
    taken: datetime,
    newest: int,
    *,
    settled: datetime,
) -> Iterator[Difference | int]:
    """Every difference, and at the end how many rows were compared.

    Args:
        versions: read once, one at a time; nothing is kept of them here.
        taken: when the listing began, in UTC. What came later is left out.
        newest: from `newest_row`, before the listing began.
        settled: in UTC; of rows that came later the listing may not know yet, so that they are
            not missing, nor counted.
    """
    values = {"bucket": bucket, "taken": taken, "newest": newest, "settled": settled}
    with connection, connection.cursor() as cursor:
        cursor.execute(_CREATE)
        stream = io.BufferedReader(_Lines(versions), 1 << 18)
        cursor.copy_expert("COPY listed FROM STDIN", stream, 1 << 18)
        cursor.execute("ANALYZE listed")
        cursor.execute("SET LOCAL work_mem = '64MB'")
        with connection.cursor("differences") as found:
            found.itersize = _AT_ONCE
            found.execute(_DIFFERENCES, values)
            for kind, *rest in found:
                yield Difference(Kind(kind), *rest)
        cursor.execute(_COUNT.format(known=_KNOWN), values)
        (count,) = cursor.fetchone() or (0,)
        yield int(count)


class _Lines(io.RawIOBase):
    """Rows as a stream that is made while it is read."""

    def __init__(self, rows: Iterable[Version]) -> None:
        self._chunks = map(_chunk, batched(rows, _AT_ONCE))
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._rest = self._rest or next(self._chunks, b"")
        given, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(given)] = given
        return len(given)


def _chunk(rows: list[Version]) -> bytes:
    return "".join(map(_line, rows)).encode()


def _line(row: Version) -> str:
    """A line of COPY's text format, which costs half of what CSV does.

    Source: https://www.postgresql.org/docs/current/sql-copy.html
    """
    key, *rest = row
    for character, escape in _ESCAPES:
        key = key.replace(character, escape)
    return "\t".join([key, *map(str, rest)]) + "\n"
