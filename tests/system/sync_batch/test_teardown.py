"""Runs last: what is destroyed is gone."""

import os

import pytest

from scripts import terraform
from tests.system.sync_batch.system import FUNCTION, SyncBatch


@pytest.mark.skipif("ESTATE" in os.environ, reason="the estate is lent: its stack stays")
def test_destroy_leaves_nothing(system: SyncBatch) -> None:
    applied = system.inventory()
    assert FUNCTION in applied["functions"]
    assert applied != system.before
    terraform.destroy(system.stack)
    assert system.inventory() == system.before
