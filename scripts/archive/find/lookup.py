"""Reads what a search finds from the archive list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class

from scripts.archive.find import query
from scripts.archive.find.query import Search, Totals

Row = tuple[Any, ...]
_AT_ONCE = 2000


def totals(connection: Connection, search: Search) -> Totals:
    """How much there is."""
    with connection, connection.cursor() as cursor:
        cursor.execute(*query.totals(search))
        row = cursor.fetchone()
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    return Totals(*row)


def page(
    connection: Connection, search: Search, found: Totals | None, *, size: int, number: int = 1
) -> list[Row]:
    """The values of `query.COLUMNS` of one page's rows; times are aware."""
    if found and not found.count:
        return []
    with connection, connection.cursor() as cursor:
        cursor.execute(*query.page(search, found, size=size, number=number))
        return [_aware(row) for row in cursor]


def everything(connection: Connection, search: Search) -> Iterator[Row]:
    """The values of `query.COLUMNS` of all rows, read little by little; times are aware."""
    return map(_aware, _stream(connection, *query.everything(search)))


def restore_rows(connection: Connection, search: Search) -> Iterator[Row]:
    """Directory and name of all files found, read little by little."""
    return _stream(connection, *query.restore_rows(search))


def _stream(
    connection: Connection, statement: str, parameters: tuple[object, ...]
) -> Iterator[Row]:
    with connection, connection.cursor("everything") as cursor:
        cursor.itersize = _AT_ONCE
        cursor.execute(statement, parameters)
        yield from cursor


def _aware(row: Row) -> Row:
    return tuple(
        value.replace(tzinfo=value.tzinfo or UTC) if isinstance(value, datetime) else value
        for value in row
    )
