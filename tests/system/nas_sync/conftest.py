"""One estate, one stack, one small NAS; many executions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from scripts.local_estate import estate
from scripts.local_estate.deploy import deploy
from scripts.local_estate.estate import Estate
from scripts.local_estate.systems import System
from scripts.local_estate.systems import nas_sync as nas_sync_estate
from tests.system.nas_sync import search_proxy
from tests.system.nas_sync.agreement import assert_reconciled, is_settled
from tests.system.nas_sync.search_proxy import SearchProxy
from tests.system.nas_sync.share import Share
from tests.system.nas_sync.system import VPN_CHECKS, NasSync, Run
from tests.system.system import applied, eventually

PACING = {
    "vpn_wait_seconds": 1,
    "vpn_checks": VPN_CHECKS,
    "vpn_retry_seconds": 1,
    "transfer_wait_seconds": 1,
    "transfer_checks": 10,
    "function_retry_seconds": 1,
    "timeout_retry_seconds": 1,
    "search_retry_seconds": 1,
}
Settings = dict[str, Any]


@pytest.fixture(scope="session")
def proxy(home: Path) -> Iterator[SearchProxy]:
    """OpenSearch behind a proxy, of which the stack is told; its state machine is in a hurry."""
    running = estate.running(home)
    assert running, "the fixture `home` has started it"
    node = nas_sync_estate.search(running)
    with search_proxy.before(node.endpoint) as proxy, pytest.MonkeyPatch.context() as patch:
        hurried = replace(nas_sync_estate.SYSTEM, lend=partial(lend, proxy))
        patch.setattr(nas_sync_estate, "SYSTEM", hurried)
        yield proxy
    if "ESTATE" in os.environ:
        deploy("nas-sync", home)  # whose stack stays, and knows a proxy that has gone


def lend(proxy: SearchProxy, running: Estate, usual: System = nas_sync_estate.SYSTEM) -> Settings:
    """What the stack is told by the tests."""
    told = usual.lend(running)
    return {**told, "pacing": PACING, "search": {**told["search"], "endpoint": proxy.endpoint}}


@pytest.fixture(scope="session")
def share(home: Path) -> Share:
    """The NAS's files; they are there before the stack is."""
    running = estate.running(home)
    assert running, "the fixture `home` has started it"
    return Share(nas_sync_estate.nas(running))


deployed = applied("nas-sync", NasSync)


@pytest.fixture(scope="session")
def nas_sync(
    proxy: SearchProxy,  # noqa: ARG001 - the stack is told of it
    share: Share,  # noqa: ARG001 - otherwise the estate would put more there
    request: pytest.FixtureRequest,
) -> Iterator[NasSync]:
    """The deployed stack; nothing is on S3 yet."""
    system: NasSync = request.getfixturevalue("deployed")
    yield system
    system.end_listening()


@pytest.fixture(scope="session")
def first(nas_sync: NasSync, share: Share) -> Run:
    """The initial sync, which all others build upon."""
    run = nas_sync.run(batch_type="initial", reason="the first one", release_brake=True)
    assert_reconciled(nas_sync, share, run)
    return run


@pytest.fixture
def system(
    nas_sync: NasSync,
    share: Share,
    first: Run,  # noqa: ARG001 - the others build upon it
) -> Iterator[NasSync]:
    """The deployed stack with all that is on the NAS in the index; nothing fails any more after."""
    if not is_settled(nas_sync, share):
        nas_sync.run(release_brake=True, reason="a test before this one has failed")
    yield nas_sync
    nas_sync.aws.release()
    nas_sync.aws.tunnels("up")
    nas_sync.aws.transfers()
    eventually(lambda: not nas_sync.running(), "no execution runs")
