"""A world of its own for each test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import timedelta

import pytest
from moto import mock_aws
from opensearchpy import OpenSearch

from nas_sync.search import indices
from tests.unit.nas_sync.estate import REGION
from tests.unit.nas_sync.invoking import lines, listen
from tests.unit.nas_sync.reconcile.world import NOW, World, build

__all__ = ["lines", "listen"]

_ALIAS = "reconcile"
_years = itertools.count()


@pytest.fixture(scope="package")
def empty_indices(search: OpenSearch) -> Iterator[None]:
    """Indices that take seconds to be made."""
    for name in indices.NAMES:
        indices.ensure(search, f"{_ALIAS}-{name}", indices.definition(name))
    yield
    search.indices.delete(index=f"{_ALIAS}-*")


@pytest.fixture
def world(
    search: OpenSearch, empty_indices: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    """Buckets, a table and indices, all empty; later than the worlds before.

    OpenSearch remembers versions of what was deleted for a minute.
    """
    assert empty_indices is None
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    with mock_aws():
        yield build(search, _ALIAS, NOW + timedelta(days=365 * next(_years)))
    search.indices.refresh(index=f"{_ALIAS}-*")
    search.delete_by_query(
        index=f"{_ALIAS}-*", body={"query": {"match_all": {}}}, params={"refresh": "true"}
    )
