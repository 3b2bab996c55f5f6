"""An archive to collect from."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.local_aws import LocalAws
from tests.conftest import Database
from tests.unit.archive.vault import Vault


@pytest.fixture
def vault(aws: LocalAws, database: Database, tmp_path: Path) -> Vault:
    """An empty one."""
    return Vault(aws, database, tmp_path)
