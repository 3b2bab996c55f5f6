"""Runs last: what is destroyed is gone; the NAS and what it was lent are the company's."""

import os

import pytest

from scripts import terraform
from tests.system.nas_sync.share import Share
from tests.system.nas_sync.system import FUNCTIONS, STATE_MACHINE, NasSync


@pytest.mark.skipif("ESTATE" in os.environ, reason="the estate is lent: its stack stays")
def test_destroy_leaves_nothing_but_what_was_lent(nas_sync: NasSync, share: Share) -> None:
    system = nas_sync  # as it is: afterwards there is nothing to tidy up
    applied = system.inventory()
    assert set(FUNCTIONS) <= set(applied["functions"])
    assert STATE_MACHINE in applied["state machines"]
    terraform.destroy(system.stack)
    system.end_listening()
    assert system.inventory() == system.before
    assert all((share.folder / path).exists() for path in share.fates)
