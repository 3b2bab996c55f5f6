"""The database: one session per run holds the lock and merges the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import psycopg2
from psycopg2 import sql

from sync_batch.postgres_errors import explained, no_session

if TYPE_CHECKING:
    from sync_batch.settings import Settings
    from sync_batch.tables import Table

Connection: TypeAlias = psycopg2.extensions.connection

LOCK = 7_290_610_391_047_430_755  # any number, the same for every run
CONNECT_SECONDS = 10

# For the server: end a statement that hangs, and a session whose client vanished. A function that
# was killed holds the lock until then, and Lambda's retry, a minute later, must find it free: so
# 15 + 3 x 5 seconds for a client that is silent, and as many for one that takes no answer.
_SERVER_OPTIONS = {
    "statement_timeout": "300s",
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "120s",
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "30s",
    "timezone": "UTC",
}


def connect(settings: Settings) -> Connection:
    """Open a session. Each statement outside `transaction` is committed by itself.

    Raises:
        JobError: the server refuses; the message names the setting that is to blame.
        TemporaryError: the server can't be reached or isn't ready.
    """
    try:
        connection = psycopg2.connect(
            host=settings.db_host,
            port=settings.db_port,
            dbname=settings.db_name,
            user=settings.db_username,
            password=settings.db_password,
            sslmode=settings.db_sslmode,
            connect_timeout=CONNECT_SECONDS,
            application_name="sync-batch",
            options=" ".join(f"-c {name}={value}" for name, value in _SERVER_OPTIONS.items()),
            keepalives_idle=30,
            keepalives_interval=10,
            keepalives_count=3,
            tcp_user_timeout=60_000,
        )
    except psycopg2.OperationalError as error:
        raise no_session(f"{settings.db_host}:{settings.db_port}", error) from error
    connection.autocommit = True
    return connection


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """What is written within is committed together, or not at all."""
    with explained(), connection:
        yield


def take_lock(connection: Connection) -> bool:
    """Become the only run, until the session ends. False when another run is."""
    with explained(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,))
        taken: bool = cursor.fetchall()[0][0]
        return taken


def apply_schema(connection: Connection) -> None:
    """Create the tables that are missing. Needs the lock."""
    schema = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
    with transaction(connection), connection.cursor() as cursor:
        cursor.execute(schema)


def last_synced(connection: Connection) -> dict[str, datetime]:
    """When each known channel, by id, was last read completely."""
    with explained(), connection.cursor() as cursor:
        cursor.execute("SELECT channel_id, last_synced_at FROM channels")
        return dict(cursor.fetchall())


def merge(
    connection: Connection, tables: Sequence[Table], folder: Path, synced_at: datetime
) -> dict[str, int]:
    """Write the rows of CSV files into their tables: new ones added, known ones renewed.

    Rows go through COPY into a temporary table and from there in one statement. Rows that say
    nothing new aren't touched. Belongs into a transaction.

    Args:
        connection: a session within a transaction.
        tables: which ones.
        folder: holds the CSV file of each.
        synced_at: start of the run; channels are marked with it.

    Returns:
        Rows by table.
    """
    marks = {"channels": {"last_synced_at": synced_at}}
    with explained():
        return {
            table.name: _merge(connection, table, folder, marks.get(table.name, {}))
            for table in tables
        }


def _merge(
    connection: Connection, table: Table, folder: Path, marks: Mapping[str, datetime]
) -> int:
    target, incoming = sql.Identifier(table.name), sql.Identifier(f"incoming_{table.name}")
    columns = _listed(table.columns)
    create = sql.SQL("CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA")
    copy = sql.SQL("COPY {} ({}) FROM STDIN WITH (FORMAT csv, HEADER, ENCODING 'UTF8')")
    with connection.cursor() as cursor, (folder / table.file_name).open("rb") as rows:
        cursor.execute(create.format(incoming, columns, target))
        cursor.copy_expert(copy.format(incoming, columns), rows)
        count: int = cursor.rowcount
        cursor.execute(_upsert(table, target, incoming, marks), tuple(marks.values()))
    return count


def _upsert(
    table: Table, target: sql.Identifier, incoming: sql.Identifier, marks: Mapping[str, datetime]
) -> sql.Composed:
    renewed = [column for column in (*table.columns, *marks) if column not in table.key]
    return sql.SQL(
        "INSERT INTO {target} ({columns}) SELECT {values} FROM {incoming} "
        "ON CONFLICT ({key}) DO UPDATE SET ({renewed}) = ROW ({new}) "
        "WHERE ({old}) IS DISTINCT FROM ({new})"
    ).format(
        target=target,
        columns=_listed((*table.columns, *marks)),
        values=sql.SQL(", ").join([_listed(table.columns), *(sql.Placeholder() for _ in marks)]),
        incoming=incoming,
        key=_listed(table.key),
        renewed=_listed(renewed),
        new=_listed(renewed, of="excluded"),
        old=_listed(renewed, of=table.name),
    )


def _listed(columns: Sequence[str], of: str | None = None) -> sql.Composed:
    names = (sql.Identifier(of, column) if of else sql.Identifier(column) for column in columns)
    return sql.SQL(", ").join(names)
