"""One local AWS for all tests of the archive: starting it takes longer than most of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.local_aws import LocalAws, Pace, start


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A local AWS in which a restore is under way until a test completes it."""
    home = tmp_path_factory.mktemp("aws")
    with start(home, Pace(restore_seconds=3600), trace=True) as running:
        yield running
