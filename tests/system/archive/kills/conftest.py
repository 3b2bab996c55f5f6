"""A share, a bucket and an archive list, and the command run on them in processes of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.local_aws import LocalAws, start
from tests.conftest import Database
from tests.system.archive.kills.operator import Operator
from tests.unit.archive.put import back as backs
from tests.unit.archive.put.back import REGION, Back


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A local AWS of its own."""
    with start(tmp_path_factory.mktemp("aws")) as running:
        yield running


@pytest.fixture
def back(
    aws: LocalAws, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Back:
    """An empty share, an empty bucket and an empty archive list."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "operator")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "operator")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    return backs.make(aws, database, tmp_path / "share")


@pytest.fixture
def operator(back: Back, tmp_path: Path) -> Operator:
    """Somebody who archives the whole share."""
    return Operator(back, tmp_path)
