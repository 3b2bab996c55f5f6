"""What put's transfer works on."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.local_aws import LocalAws
from tests.conftest import Database
from tests.unit.archive.put import back as backs
from tests.unit.archive.put.back import REGION, Back


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
