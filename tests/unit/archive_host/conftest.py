"""An AWS, a PostgreSQL and a folder for the host's programs to work on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from moto.server import ThreadedMotoServer

from scripts.local_estate import postgres
from scripts.local_estate.postgres import Postgres
from tests.unit.archive_host.host import LISTS, REGION, Aws, Host, connect


@pytest.fixture(scope="package")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(endpoint: str) -> Aws:
    """Nothing but an empty bucket for lists and dumps."""
    requests.post(f"{endpoint}/moto-api/reset", timeout=10)
    found = connect(endpoint)
    found.s3.create_bucket(
        Bucket=LISTS, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"}
    )
    return found


@pytest.fixture
def host(tmp_path: Path, aws: Aws) -> Host:
    """A host with its settings files, where the AWS CLI is installed."""
    if shutil.which("aws") is None:
        pytest.skip("the AWS CLI, which the host's programs call, is not installed here")
    (tmp_path / "bin").mkdir()
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
