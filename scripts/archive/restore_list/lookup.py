"""Looks the rows of a list up in the archive list, all at once."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from tempfile import TemporaryFile
from typing import IO, Any

from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive import lists
from scripts.archive.lists import Row
from scripts.archive.restore_list.selection import Item, Selection
from scripts.archive.shares import PathError, Shares

NOT_LISTED = "NotInArchiveList"
_KEY = '"S3キー" COLLATE "C"'
_PAGE = 2000

_CREATE = """
CREATE TEMP TABLE asked (
    line INTEGER, rank SMALLINT, key TEXT COLLATE "C", below BOOLEAN
) ON COMMIT DROP;
CREATE TEMP TABLE found (
    line INTEGER, rank SMALLINT, key TEXT COLLATE "C", id INTEGER
) ON COMMIT DROP
"""
_COPY = "COPY asked FROM STDIN (FORMAT csv)"
# '0' is the character after '/': everything between is below the directory.
_FIND = f"""
ANALYZE asked;
INSERT INTO found
SELECT line, rank, {_KEY}, id FROM asked JOIN archive_list ON {_KEY} = key
WHERE "S3バケット名" = %(bucket)s
UNION ALL
SELECT line, rank, {_KEY}, id FROM asked JOIN archive_list
ON below AND {_KEY} >= key || '/' AND {_KEY} < key || '0'
WHERE "S3バケット名" = %(bucket)s
"""  # noqa: S608
# A path whose parts are in different normal forms is in no index: one pass over the whole list.
_FIND_MIXED = f"""
WITH lost AS (
    SELECT DISTINCT ON (line) line, rank, normalize(key, NFC) AS key FROM asked
    WHERE line IN (SELECT line FROM asked EXCEPT SELECT line FROM found) ORDER BY line, rank
)
INSERT INTO found
SELECT line, rank, {_KEY}, id FROM lost JOIN archive_list
ON normalize("S3キー", NFC) COLLATE "C" = key WHERE "S3バケット名" = %(bucket)s
"""  # noqa: S608
# Windows shares ignore case: what is lost still is the one file that differs in nothing else.
_FIND_CASED = f"""
WITH lost AS (
    SELECT DISTINCT ON (line) line, rank, lower(normalize(key, NFC) COLLATE "default") AS key
    FROM asked
    WHERE line IN (SELECT line FROM asked EXCEPT SELECT line FROM found) ORDER BY line, rank
), alike AS (
    SELECT line, rank, {_KEY} AS key, id FROM lost JOIN archive_list
    ON lower(normalize("S3キー", NFC)) COLLATE "C" = lost.key COLLATE "C"
    WHERE "S3バケット名" = %(bucket)s
)
INSERT INTO found SELECT * FROM alike
WHERE line IN (SELECT line FROM alike GROUP BY line HAVING count(DISTINCT key) = 1)
"""  # noqa: S608
_LOST = "SELECT (SELECT count(DISTINCT line) FROM asked) > (SELECT count(DISTINCT line) FROM found)"
_PLAN = "ANALYZE found; SET LOCAL cursor_tuple_fraction = 1"  # all of it is read
_ITEM = f"""id, {_KEY}, "アーカイブファイル名", "バージョンID", "サイズ", "SHA256", "パートサイズ",
       "ETag", "アーカイブ日時", "更新日時\""""
_CHOSEN = f"""
WITH best AS (SELECT line, min(rank) AS rank FROM found GROUP BY line)
SELECT DISTINCT ON (line, {_KEY}) line, {_ITEM}
FROM found JOIN best USING (line, rank) JOIN archive_list USING (id)
ORDER BY line, {_KEY}, "アーカイブ日時" DESC, id DESC
"""  # noqa: S608

_OTHERS = f"""
SELECT {_ITEM} FROM archive_list
WHERE "S3バケット名" = %s AND {_KEY} = ANY(%s) AND id <> ALL(%s)
ORDER BY {_KEY}, "アーカイブ日時" DESC, id DESC
"""  # noqa: S608


def select(
    connection: Connection,
    bucket: str,
    known: Shares,
    rows: Iterable[Row],
    selection: Selection,
) -> None:
    """Fill a selection with the objects that rows name: the newest version of each.

    A row without a file name selects the file at that path, or everything below it. Each way of
    reading a row is tried, the one that stands there first, each in its own Unicode form first.
    A file that is not in the list is the only one there that differs in case, if there is one.

    Args:
        connection: on the archive list; nothing is changed.
        rows: read once, one at a time.
        selection: rows that select nothing become its problems.

    Raises:
        ListError: the list is broken; from `rows`.
    """
    with connection, connection.cursor() as cursor:
        cursor.execute(_CREATE)
        with TemporaryFile("w+", encoding="utf-8", newline="") as spool:
            _spool(spool, known, rows, selection)
            spool.seek(0)
            cursor.copy_expert(_COPY, spool)
        cursor.execute(_FIND, {"bucket": bucket})
        cursor.execute(_LOST)
        if cursor.fetchone() == (True,):
            cursor.execute(_FIND_MIXED, {"bucket": bucket})
            cursor.execute(_FIND_CASED, {"bucket": bucket})
        cursor.execute(_PLAN)
        with connection.cursor("chosen") as chosen:
            chosen.itersize = _PAGE
            chosen.execute(_CHOSEN)
            selection.add_items((line, _item(values)) for line, *values in chosen)
    for line, _ in selection.lost():
        selection.add_problem(
            line,
            NOT_LISTED,
            "アーカイブリストにありません",
            "パスの綴りを archive find か管理画面で確かめてください",
        )


def others(connection: Connection, bucket: str, items: Sequence[Item]) -> list[Item]:
    """The other versions of these objects by key, of each the newest first."""
    with connection, connection.cursor() as cursor:
        keys, numbers = [item.key for item in items], [item.number for item in items]
        cursor.execute(_OTHERS, (bucket, keys, numbers))
        return [_item(list(values)) for values in cursor]


def _spool(spool: IO[str], known: Shares, rows: Iterable[Row], selection: Selection) -> None:
    writer = csv.writer(spool)
    for row in rows:
        selection.add_row(row.line, _shown(row))
        try:
            keys = list(_keys(row, known))
        except PathError as error:
            selection.add_problem(row.line, "PathError", error.reason, error.remedy)
            continue
        for rank, key in enumerate(dict.fromkeys(keys)):
            writer.writerow((row.line, rank, key, "f" if row.name else "t"))


def _keys(row: Row, known: Shares) -> Iterator[str]:
    """Every key a row may mean, the likeliest first."""
    first_error = None
    any_key = False
    for path in lists.written(row):
        try:
            key = known.key(path)
        except PathError as error:
            first_error = first_error or error
            continue
        any_key = True
        yield from (key, unicodedata.normalize("NFC", key), unicodedata.normalize("NFD", key))
    if first_error and not any_key:
        raise first_error


def _shown(row: Row) -> str:
    if row.name is None:
        return row.directory
    return row.directory.rstrip("\\/") + "\\" + row.name if row.directory else row.name


def _item(values: list[Any]) -> Item:
    *rest, archived_at, modified = values
    values = [*rest, archived_at.replace(tzinfo=UTC), modified.astimezone(UTC)]
    return Item(*values)
