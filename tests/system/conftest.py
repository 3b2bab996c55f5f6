"""An estate of their own for the system tests, with one stack applied by real Terraform."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.local_estate import estate
from scripts.local_estate.deploy import deploy, stack_of
from tests.system.system import System


@pytest.fixture(scope="session")
def sync_batch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The stack in an estate of its own, or in the one that runs in the folder `ESTATE`."""
    if lent := estate.running(Path(os.environ.get("ESTATE", ""))):
        yield System(lent, stack_of("sync-batch", lent))
        return
    home = tmp_path_factory.mktemp("estate")
    try:
        running = deploy("sync-batch", home)
        yield System(running, stack_of("sync-batch", running))
    finally:
        estate.stop(home)
