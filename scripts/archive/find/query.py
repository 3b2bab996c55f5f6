"""A search as people mean it, and the SQL that answers it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain

from scripts.archive.clock import TOKYO

COLUMNS = (
    "アーカイブ日時", "ディレクトリパス", "アーカイブファイル名", "サイズ", "依頼ID", "依頼者",
    "コメント", "S3バケット名", "S3キー", "更新日時", "SHA256", "バージョンID",
)  # fmt: skip
"""What a search shows, in this order."""

Statement = tuple[str, tuple[object, ...]]

_NAMES = ", ".join(f'"{column}"' for column in COLUMNS)
_ORDER = 'ORDER BY "アーカイブ日時" DESC, id DESC'
_FOLDED = r"lower(translate(normalize({}, NFKC), '/¥', '\\'))"
_ESCAPED = r"replace(replace(replace({}, '\', '\\'), '%%', '\%%'), '_', '\_')"
_PART = _ESCAPED.format(_FOLDED.format("%s::text")) + " || '%%'"
_PATH_HOLDS = f"LIKE '%%' || {_PART}"
_NAME_HOLDS = f"LIKE '%%/%%' || {_PART}"
_REQUESTERS = """
WITH RECURSIVE requesters(name) AS (
    (SELECT min("依頼者") FROM archive_list)
    UNION ALL
    SELECT (SELECT min("依頼者") FROM archive_list WHERE "依頼者" > name)
    FROM requesters WHERE name IS NOT NULL
)
SELECT name FROM requesters WHERE """  # the few there are, each found once through the index
_REQUESTER_HOLDS = (
    f"\"依頼者\" = ANY (ARRAY({_REQUESTERS} {_FOLDED.format('name')} LIKE '%%' || {_PART}))"
)


@dataclass(frozen=True)
class Search:
    """What is looked for; what is None doesn't matter.

    Args:
        path: part of the path or the name, in any case, width and normal form.
        name: part of the name alone, as tolerant.
        request_id: the whole of it.
        requester: part of it.
        first: first day of archiving, in Tokyo.
        last: last day of archiving, in Tokyo.
    """

    path: str | None = None
    name: str | None = None
    request_id: str | None = None
    requester: str | None = None
    first: date | None = None
    last: date | None = None


def part(written: str | None) -> str | None:
    """What to look for, from what a person typed or pasted; None where that is nothing.

    Windows puts quotation marks around a path that is copied.
    """
    return (written or "").replace("\0", "").strip().strip('"').strip() or None


@dataclass(frozen=True)
class Totals:
    """All that a search finds.

    Args:
        count: rows.
        size: bytes.
        oldest: when the first of them was archived, in UTC without a zone; None without rows.
        newest: when the last was.
    """

    count: int
    size: int
    oldest: datetime | None
    newest: datetime | None


def totals(search: Search) -> Statement:
    """One row: the values of `Totals`."""
    where, parameters = _where(_conditions(search))
    columns = (
        'count(*), coalesce(sum("サイズ"), 0)::bigint, min("アーカイブ日時"), max("アーカイブ日時")'
    )
    return f"SELECT {columns} FROM archive_list{where}", parameters  # noqa: S608


def page(search: Search, found: Totals | None, *, size: int, number: int = 1) -> Statement:
    """The rows of one page, newest first; pages count from 1.

    Args:
        found: totals of the same search, where they are known. Rows that are near each other in
            time, such as those of one request, are then found without reading the whole table.
    """
    span = [
        (f'"アーカイブ日時" {than} %s', bound)
        for than, bound in (((">=", found.oldest), ("<=", found.newest)) if found else ())
    ]
    where, parameters = _where(chain(_conditions(search), span))
    statement = f"SELECT {_NAMES} FROM archive_list{where} {_ORDER} LIMIT %s OFFSET %s"  # noqa: S608
    return statement, (*parameters, size, size * (number - 1))


def everything(search: Search) -> Statement:
    """All rows, newest first."""
    where, parameters = _where(_conditions(search))
    return f"SELECT {_NAMES} FROM archive_list{where} {_ORDER}", parameters  # noqa: S608


def restore_rows(search: Search) -> Statement:
    """Directory and name of every file found, each once however many versions it has."""
    where, parameters = _where(_conditions(search))
    names = '"ディレクトリパス", "アーカイブファイル名"'
    return f"SELECT DISTINCT {names} FROM archive_list{where} ORDER BY {names}", parameters  # noqa: S608


def _where(conditions: Iterable[tuple[str, object]]) -> Statement:
    given = list(conditions)
    if not given:
        return "", ()
    texts, values = zip(*given, strict=True)
    return " WHERE " + " AND ".join(texts), values


def _conditions(search: Search) -> Iterator[tuple[str, object]]:
    if search.path:
        yield f"{_text(search.path)} {_PATH_HOLDS}", search.path
    if search.name:
        yield f"{_text(search.name)} {_NAME_HOLDS}", search.name
    if search.request_id:
        yield '"依頼ID" = %s', search.request_id
    if search.requester:
        yield _REQUESTER_HOLDS, search.requester
    if search.first:
        yield '"アーカイブ日時" >= %s', midnight(search.first)
    if search.last:
        yield '"アーカイブ日時" < %s', midnight(search.last + timedelta(days=1))


def _text(wanted: str) -> str:
    """What is looked through: as an expression where the index with trigrams is of no use.

    PostgreSQL would read the whole of the index, and then the whole of the table.
    Source: https://www.postgresql.org/docs/current/pgtrgm.html#PGTRGM-INDEX
    """
    has_trigrams = re.search(r"[^\W_]{3}", unicodedata.normalize("NFKC", wanted))
    return '"検索"' if has_trigrams else "(\"検索\" || '')"


def midnight(day: date) -> datetime:
    """When a day begins in Tokyo, as the archive list notes times: in UTC, without a zone."""
    return datetime.combine(day, time(), TOKYO).astimezone(UTC).replace(tzinfo=None)
