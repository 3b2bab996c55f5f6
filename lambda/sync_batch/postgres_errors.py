"""What the database's errors mean, and what to do about them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2
from psycopg2 import errors

from batchworks.errors import JobError, TemporaryError

_AGAIN = "nothing half-done was kept: run again"
_MEANINGS: tuple[tuple[tuple[type[psycopg2.Error], ...], type[JobError], str], ...] = (
    (
        (errors.ReadOnlySqlTransaction,),
        JobError,
        "the database is read-only ({told}): point DB_HOST at the writer, or end what made it so",
    ),
    (
        (errors.InsufficientPrivilege,),
        JobError,
        "DB_USERNAME lacks a permission ({told}): grant CREATE on the schema and TEMPORARY on the "
        "database, and make it the owner of sync-batch's tables",
    ),
    (
        (errors.UndefinedColumn, errors.UndefinedTable, errors.DatatypeMismatch),
        JobError,
        "the tables aren't those of schema.sql ({told}): migrate them",
    ),
    (
        (errors.DiskFull,),
        JobError,
        "the database's disk is full ({told}): give it room, then run again",
    ),
    (
        (errors.QueryCanceled, errors.LockNotAvailable),
        TemporaryError,
        f"the database took too long ({{told}}); {_AGAIN}",
    ),
    (
        (psycopg2.OperationalError, psycopg2.InterfaceError),
        TemporaryError,
        f"the database went away ({{told}}); {_AGAIN}",
    ),
)


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the database raises within into errors that say what to do.

    Raises:
        JobError: something has to be changed first.
        TemporaryError: running again may be enough.
    """
    try:
        yield
    except psycopg2.Error as error:
        raise meaning(error) from error


def no_session(server: str, error: psycopg2.OperationalError) -> JobError:
    """The error to raise when a session couldn't be opened.

    Args:
        server: host and port.
        error: libpq's; it has no code, so its text is searched.
    """
    told = " ".join(str(error).split())
    remedies = {
        "authentication failed": "check DB_USERNAME and DB_PASSWORD (or its secret)",
        "no password supplied": "set DB_PASSWORD or DB_PASSWORD_SECRET_ARN",
        "no pg_hba.conf entry": "let the server accept this network, and check DB_SSLMODE",
        "SSL": "check DB_SSLMODE",
        "root certificate": "check DB_SSLMODE",
        "does not exist": "check DB_NAME and DB_USERNAME",
    }
    for symptom, remedy in remedies.items():
        if symptom in told:
            return JobError(f"PostgreSQL at {server} refuses the session ({told}): {remedy}")
    return TemporaryError(
        f"PostgreSQL at {server} can't be reached ({told}): is DB_HOST the RDS endpoint, does its "
        "security group let this function in, and is the instance running?"
    )


def meaning(error: psycopg2.Error) -> JobError:
    """The error to raise for one that came within a session."""
    told = " ".join(str(error).split())
    for kinds, meant, text in _MEANINGS:
        if isinstance(error, kinds):
            return meant(text.format(told=told))
    return JobError(f"the database refused ({told}): see its log")
