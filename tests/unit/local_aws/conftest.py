"""One local AWS for all tests here: starting it takes longer than most of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.local_aws import LocalAws, Pace, start
from tests.unit.local_aws.workshop import Workshop


@pytest.fixture(scope="session")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A local AWS that retries invocations almost at once, and restores when it is told to."""
    home = tmp_path_factory.mktemp("aws")
    pace = Pace(
        retry_delays=(0.05, 0.1),
        restore_seconds=300,
        export_seconds=300,
        mount_target_seconds=0.3,
        tunnel_seconds=0.1,
    )
    with start(home, pace, trace=True) as running:
        yield running


@pytest.fixture(scope="session")
def workshop(aws: LocalAws) -> Workshop:
    """Makes things in it."""
    return Workshop(aws)
