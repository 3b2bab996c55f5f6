"""archive: looking up and reconciling a list of 1,000,000 files."""

import csv
import gzip
import hashlib
import multiprocessing
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import quote_plus

import psycopg2
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive import archive_list
from scripts.archive.find import lookup
from scripts.archive.find.query import Search
from scripts.archive.reconcile import comparison, inventory
from scripts.local_estate import postgres
from tests.bench.frame import Figure, below, seconds
from tests.bench.peak import peak_bytes

ROWS = 1_000_000
BUCKET = "archive-bucket"
_FILE_ROWS = 250_000  # of an inventory's data file
_SEARCHES = {
    "a part that few have": Search(path="見積書_123456"),
    "a part of two characters": Search(path="見積"),
    "a part that none has": Search(path="存在しない"),
    "a part that all have": Search(path="share"),
    "a request": Search(request_id="REQ-7"),
    "a month": Search(first=date(2025, 4, 1), last=date(2025, 4, 30)),
}
_FILL = r"""
INSERT INTO archive_list (
    "ディレクトリパス", "アーカイブファイル名", "S3バケット名", "S3キー", "アーカイブ日時",
    "依頼ID", "依頼者", "サイズ", "SHA256", "ETag", "バージョンID", "更新日時"
)
SELECT '\\fsx-server-name\share\営業部\プロジェクト' || n / 2000, name, %(bucket)s,
       'fsx-server-name/share/営業部/プロジェクト' || n / 2000 || '/' || name,
       TIMESTAMP '2024-01-01' + n * INTERVAL '1 minute', 'REQ-' || n / 5000,
       (ARRAY['田中太郎', '佐藤花子', '鈴木一郎'])[1 + n %% 3], n, md5(n::text) || '0123456789A=',
       md5(n::text), md5(n::text), now()
FROM generate_series(1, %(rows)s) AS n,
     LATERAL (SELECT (ARRAY['見積書', '請求書', 'Report'])[1 + n %% 3] || '_' || n || '.xlsx')
         AS file(name)
"""


def looking_up(home: Path) -> Iterator[Figure]:
    """Totals and first page of searches in 1,000,000 rows, without and with pg_trgm (minutes).

    BENCH_POSTGRES is a connection string for an empty database on a server with pg_trgm.
    """
    server = postgres.start(home / "postgres")
    try:
        with closing(server.connect()) as connection:
            fill(connection, ROWS)
            yield from _lookups(connection, "without pg_trgm", 2000)
    finally:
        postgres.stop(server.data)
    if there := os.environ.get("BENCH_POSTGRES"):
        with closing(psycopg2.connect(there)) as connection:
            fill(connection, ROWS)
            yield from _lookups(connection, "with pg_trgm", 300)


def reconciling(home: Path) -> Iterator[Figure]:
    """Compare 1,000,000 rows with an inventory (minutes)."""
    server = postgres.start(home / "postgres")
    try:
        with closing(server.connect()) as connection:
            fill(connection, ROWS)
            report = write_inventory(connection, home)
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            taken, peak, differences = pool.apply(reconcile, (server, report))
    finally:
        postgres.stop(server.data)
    how = f"{ROWS:,} keys, {differences} differences"
    yield below("reconcile with an inventory", taken, "s", limit=60, how=how)
    yield below("memory of reconcile", peak, "MB", limit=300, how=how)


def fill(connection: Connection, rows: int) -> None:
    """A list of so many files."""
    archive_list.create(connection)
    with connection, connection.cursor() as cursor:
        cursor.execute(_FILL, {"bucket": BUCKET, "rows": rows})
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE archive_list")
    connection.autocommit = False


def write_inventory(connection: Connection, home: Path) -> inventory.Report:
    """An inventory of exactly what is listed, as files in a folder."""
    columns = ["Bucket", "Key", "VersionId", "IsLatest", "IsDeleteMarker", "Size", "ETag"]
    columns += ["StorageClass", "LastModifiedDate"]
    last = ("DEEP_ARCHIVE", "2025-01-01T00:00:00.000Z")
    files: list[tuple[str, str]] = []
    with connection, connection.cursor("rows") as cursor:
        cursor.execute(
            'SELECT "S3キー", "バージョンID", "サイズ", "ETag" FROM archive_list'
            ' ORDER BY "S3キー" COLLATE "C"'
        )
        while rows := cursor.fetchmany(_FILE_ROWS):
            path = home / f"{len(files)}.csv.gz"
            with gzip.open(path, "wt", compresslevel=1, encoding="utf-8", newline="") as stream:
                csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(
                    (BUCKET, quote_plus(key, safe="/"), version, "true", "false", size, etag, *last)
                    for key, version, size, etag in rows
                )
            digest = hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
            files.append((str(path), digest))
    return inventory.Report("", datetime.now(UTC) + timedelta(days=9999), columns, files)


def reconcile(server: postgres.Postgres, report: inventory.Report) -> tuple[float, float, int]:
    """Seconds, megabytes at most, and differences; to be called in a process of its own."""
    found: list[object] = []
    with closing(server.connect()) as connection:
        newest = comparison.newest_row(connection)
        versions = inventory.versions(cast(Any, _Folder()), report)
        results = comparison.compare(
            connection, BUCKET, versions, report.taken, newest, settled=report.taken
        )
        taken = seconds(lambda: found.extend(results))
    return taken, peak_bytes() / 1024**2, len(found) - 1


class _Folder:
    """S3, as far as reading goes."""

    def get_object(self, **what: str) -> dict[str, BinaryIO]:
        return {"Body": Path(what["Key"]).open("rb")}


def _lookups(connection: Connection, how: str, limit: float) -> Iterator[Figure]:
    """The first page, which people see first, and the totals, which come after it."""
    for subject, search in _SEARCHES.items():
        page = min(_page_seconds(connection, search) for _ in range(3))
        totals = min(_totals_seconds(connection, search) for _ in range(3))
        yield below(f"first page of {subject}", page * 1000, "ms", limit=limit, how=how)
        yield below(f"totals of {subject}", totals * 1000, "ms", limit=2000, how=how)


def _page_seconds(connection: Connection, search: Search) -> float:
    return seconds(lambda: lookup.page(connection, search, None, size=50))


def _totals_seconds(connection: Connection, search: Search) -> float:
    return seconds(lambda: lookup.totals(connection, search))


BENCHMARKS = (looking_up, reconciling)
