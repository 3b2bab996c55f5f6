"""An AWS in process for all tests here, whose mount targets are there in no time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from efs_autoscaler.clients import Clients, connect
from scripts.local_aws import extensions
from scripts.local_aws.mount_targets import MOUNT_TARGETS, Ending
from tests.unit.efs_autoscaler import estate
from tests.unit.efs_autoscaler.estate import Estate, Network
from tests.unit.efs_autoscaler.faults import Faults


@pytest.fixture(scope="package")
def clients() -> Iterator[Clients]:
    """Ways to AWS."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", estate.REGION)
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        with mock_aws():
            for service in ("efs", "ecs"):
                extensions.load(service)
            yield connect()


@pytest.fixture(scope="package")
def surroundings(clients: Clients) -> Network:
    """A VPC with three zones."""
    return estate.network(clients)


@pytest.fixture(scope="package")
def faults(clients: Clients) -> Faults:
    """Clients that can be made to fail; `clients` never do."""
    assert clients
    return Faults()


@pytest.fixture(autouse=True)
def _swift() -> Iterator[None]:
    before, MOUNT_TARGETS.seconds = MOUNT_TARGETS.seconds, 0.01
    yield
    MOUNT_TARGETS.become(Ending.AVAILABLE)
    MOUNT_TARGETS.seconds = before


Build = Callable[..., Estate]


@pytest.fixture
def build(clients: Clients, surroundings: Network, tmp_path: Path) -> Build:
    """Makes a file system with its surroundings."""

    def make(**how: Any) -> Estate:
        return estate.build(clients, surroundings, tmp_path, **how)

    return make
