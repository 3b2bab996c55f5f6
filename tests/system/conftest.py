"""An estate for the system tests; the stacks are applied to it by real Terraform."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.local_estate import estate


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folder of an estate of their own, or of the one that runs in the folder `ESTATE`."""
    if lent := estate.running(Path(os.environ.get("ESTATE", ""))):
        yield lent.home
        return
    folder = tmp_path_factory.mktemp("estate")
    estate.start(folder)
    yield folder
    estate.stop(folder)
