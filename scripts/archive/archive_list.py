"""The archive list in PostgreSQL."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class
from psycopg2.extras import execute_values
from psycopg2.sql import SQL, Identifier

from scripts.archive import shares
from scripts.archive.settings import Database

COLUMNS = (
    "ディレクトリパス", "アーカイブファイル名", "S3バケット名", "S3キー", "アーカイブ日時",
    "依頼ID", "コメント", "依頼者", "サイズ", "SHA256", "パートサイズ", "ETag", "バージョンID",
    "更新日時", "マーカー",
)  # fmt: skip
_NAMES = ", ".join(f'"{column}"' for column in COLUMNS)
_NEWEST_FIRST = '"アーカイブ日時" DESC, id DESC'  # ids alone don't tell, once a list was rebuilt


@dataclass(frozen=True)
class Entry:
    """One archived version of one file.

    Args:
        bucket: where it is.
        key: `server/share/…`, the original's place.
        archived_at: when, in UTC.
        size: bytes.
        sha256: as S3 gives it: base64, followed by `-N` where there were N parts.
        part_size: bytes of each part but the last; None where it was sent whole.
        modified: when the original was last changed before.
        marker: name of the marker beside the original; None where that name was taken.
    """

    bucket: str
    key: str
    archived_at: datetime
    request_id: str
    comment: str | None
    requester: str | None
    size: int
    sha256: str
    part_size: int | None
    etag: str
    version_id: str
    modified: datetime
    marker: str | None


def connect(database: Database, *, application: str = "archive") -> Connection:
    """Open a session; its clock shows UTC."""
    return psycopg2.connect(
        host=database.host,
        port=database.port,
        dbname=database.name,
        user=database.username,
        password=database.password,
        sslmode=database.sslmode,
        connect_timeout=10,
        application_name=application,
        options="-c timezone=UTC",
    )


def create(connection: Connection) -> None:
    """Create the table and its indexes where they are missing; one session at a time does."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('archive_list'))")
        cursor.execute(files("scripts.archive").joinpath("schema.sql").read_text("utf-8"))


def allow_reading(connection: Connection, role: str) -> None:
    """Let a role read the table, and nothing else."""
    with connection, connection.cursor() as cursor:
        cursor.execute(SQL("GRANT SELECT ON archive_list TO {}").format(Identifier(role)))


def record(connection: Connection, entries: Iterable[Entry]) -> None:
    """Add entries in one transaction; of one that is there already only the time is renewed.

    The original was touched then: its content is what was archived.
    """
    with connection, connection.cursor() as cursor:
        execute_values(
            cursor,
            f"INSERT INTO archive_list ({_NAMES}) VALUES %s"  # noqa: S608
            ' ON CONFLICT ("S3バケット名", "S3キー" COLLATE "C", "バージョンID")'
            ' DO UPDATE SET "更新日時" = EXCLUDED."更新日時"'
            ' WHERE archive_list."更新日時" <> EXCLUDED."更新日時"',
            [_row(entry) for entry in entries],
        )


def drop_taken_markers(connection: Connection, bucket: str, suffix: str) -> None:
    """Make entries name no marker where a file of that name is archived itself: it isn't ours."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            'UPDATE archive_list AS ours SET "マーカー" = NULL FROM archive_list AS theirs'
            ' WHERE ours."S3バケット名" = %(bucket)s AND theirs."S3バケット名" = %(bucket)s'
            ' AND theirs."S3キー" COLLATE "C" = (ours."S3キー" || %(suffix)s) COLLATE "C"'
            ' AND ours."マーカー" = ours."アーカイブファイル名" || %(suffix)s',
            {"bucket": bucket, "suffix": suffix},
        )


def newest(connection: Connection, bucket: str, keys: Collection[str]) -> dict[str, Entry]:
    """The newest entry of each of these keys that has one."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            f'SELECT DISTINCT ON ("S3キー" COLLATE "C") {_NAMES} FROM archive_list'  # noqa: S608
            ' WHERE "S3バケット名" = %s AND "S3キー" COLLATE "C" = ANY(%s)'
            f' ORDER BY "S3キー" COLLATE "C", {_NEWEST_FIRST}',
            (bucket, list(keys)),
        )
        return {entry.key: entry for entry in map(_entry, cursor)}


def markers(connection: Connection, bucket: str, keys: Collection[str]) -> set[str]:
    """Those of these keys at which the list names one of our markers."""
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT asked.key FROM unnest(%s::text[], %s::text[], %s::text[])"
            " AS asked(key, directory, name)"
            ' JOIN archive_list ON "ディレクトリパス" = asked.directory AND "マーカー" = asked.name'
            ' WHERE "S3バケット名" = %s',
            (
                list(keys),
                [shares.directory(key) for key in keys],
                [shares.name(key) for key in keys],
                bucket,
            ),
        )
        return {key for (key,) in cursor}


def _row(entry: Entry) -> tuple[object, ...]:
    return (
        shares.directory(entry.key), shares.name(entry.key), entry.bucket, entry.key,
        entry.archived_at, entry.request_id, entry.comment, entry.requester, entry.size,
        entry.sha256, entry.part_size, entry.etag, entry.version_id, entry.modified, entry.marker,
    )  # fmt: skip


def _entry(row: tuple[Any, ...]) -> Entry:
    _, _, bucket, key, archived_at, *rest = row
    return Entry(bucket, key, archived_at.replace(tzinfo=UTC), *rest)
