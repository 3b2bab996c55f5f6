"""A folder, a PostgreSQL and a bit of AWS for the host's programs to work on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.local_estate import postgres
from scripts.local_estate.postgres import Postgres
from tests.unit.archive_host.host import LISTS, REGION, Aws, Host


@pytest.fixture
def host(tmp_path: Path) -> Host:
    """A host with its settings files and an empty bucket."""
    aws = Aws(tmp_path / "aws")
    for folder in (tmp_path / "bin", aws.bucket, aws.folder / "secrets", aws.folder / "ssm"):
        folder.mkdir(parents=True)
    (tmp_path / "bin" / "aws").symlink_to(Path(__file__).with_name("aws_stand_in"))
    (tmp_path / "host.env").write_text(f"AWS_DEFAULT_REGION='{REGION}'\nARCHIVE_HOST='keeper'\n")
    (tmp_path / "archive.env").write_text(
        f"DB_NAME='archive'\nARCHIVE_DUMPS='s3://{LISTS}/dumps/'\n"
    )
    return Host(tmp_path, aws)


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A PostgreSQL of our own: the programs create roles, which all databases share."""
    data = tmp_path_factory.mktemp("host-postgres") / "data"
    yield postgres.start(data)
    postgres.stop(data, at_once=True)


@pytest.fixture(scope="package")
def empty_venv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with pip, to copy: making one takes seconds."""
    folder = tmp_path_factory.mktemp("venv") / "empty"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder
