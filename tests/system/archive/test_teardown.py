"""Runs last: what is destroyed is gone."""

import os

import pytest

from scripts import terraform
from tests.system.system import System


@pytest.mark.skipif("ESTATE" in os.environ, reason="the estate is lent: its stack stays")
def test_destroy_leaves_nothing(archive: System) -> None:
    assert archive.inventory() != archive.before
    terraform.destroy(archive.stack)
    assert archive.inventory() == archive.before
