"""What several suites share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

from scripts.local_estate import postgres

settings.register_profile("batchworks", deadline=None)  # other work on the machine is no failure
settings.load_profile("batchworks")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits longest for Terraform."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/system/"))


class Together(LoadScopeScheduling):  # type: ignore[misc]
    """Side by side (`pytest -n`), one process has all tests of a system's stack, or of a file."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return "/".join(path.split("/")[:3]) if path.startswith("tests/system/") else path


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    """Let pytest-xdist spread tests so."""
    return Together(config, log)


@dataclass(frozen=True)
class Database:
    """An empty database of its own on the session's PostgreSQL."""

    server: postgres.Postgres
    name: str

    def query(self, statement: str, *parameters: object) -> list[tuple[object, ...]]:
        """Run one statement as the administrator, committed; its rows, if it has any."""
        with self.server.connect(self.name) as connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def settings(self) -> dict[str, str]:
        """The variables that lead a job here."""
        return {
            "DB_HOST": postgres.HOST,
            "DB_PORT": str(self.server.port),
            "DB_NAME": self.name,
            "DB_PASSWORD": self.server.password,
            "DB_SSLMODE": "disable",
        }


_numbers = count(1)


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[postgres.Postgres]:
    """A PostgreSQL that runs as long as the tests do."""
    data = tmp_path_factory.mktemp("postgres") / "data"
    password = 'pa ss/w+rd’"\\%&=日本'  # each character is spelled differently somewhere
    yield postgres.start(data, password=password)
    postgres.stop(data, at_once=True)


@pytest.fixture
def database(postgres_server: postgres.Postgres) -> Database:
    """A fresh database."""
    name = f"test_{next(_numbers)}"
    administrator = postgres_server.connect("postgres")
    administrator.autocommit = True
    with administrator.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    administrator.close()
    return Database(postgres_server, name)
