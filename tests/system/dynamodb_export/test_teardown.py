"""Runs last: what is destroyed is gone; the tables are the company's."""

import os

import pytest

from scripts import terraform
from scripts.local_estate.app_tables import ITEMS
from tests.system.dynamodb_export.system import JOBS, DynamoDbExport


@pytest.mark.skipif("ESTATE" in os.environ, reason="the estate is lent: its stack stays")
def test_destroy_leaves_nothing_but_the_tables(dynamodb_export: DynamoDbExport) -> None:
    system = dynamodb_export  # as it is: afterwards there is nothing to tidy up
    applied = system.inventory()
    assert set(JOBS) <= set(applied["functions"])
    assert applied != system.before
    terraform.destroy(system.stack)
    assert system.inventory() == system.before
    assert set(ITEMS) <= set(system.client("dynamodb").list_tables()["TableNames"])
