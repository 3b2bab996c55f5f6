import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from scripts.local_estate import postgres


@pytest.fixture
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("pg") / "data"
    yield folder
    postgres.stop(folder, at_once=True)


def rows(server: postgres.Postgres, statement: str) -> list[tuple[object, ...]]:
    with server.connect() as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_rows_outlive_a_restart(data: Path) -> None:
    rows(postgres.start(data), "CREATE TABLE kept AS SELECT 1 AS n")
    postgres.stop(data)
    assert rows(postgres.start(data), "SELECT n FROM kept") == [(1,)]


def test_a_killed_server_comes_back_with_what_was_committed(data: Path) -> None:
    server = postgres.start(data)
    rows(server, "CREATE TABLE kept AS SELECT 1 AS n")
    os.kill(int((data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    assert rows(postgres.start(data), "SELECT n FROM kept") == [(1,)]


def test_an_interrupted_initialisation_is_begun_again(data: Path) -> None:
    data.mkdir()
    (data / "half-made").touch()
    assert rows(postgres.start(data), "SELECT 1") == [(1,)]


def test_a_wrong_password_is_refused(data: Path) -> None:
    server = postgres.start(data)
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        postgres.Postgres(data, server.port, "wrong").connect()


def test_nothing_to_stop_is_no_error(data: Path) -> None:
    postgres.stop(data)
