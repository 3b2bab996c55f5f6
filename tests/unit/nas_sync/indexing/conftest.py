"""Every test has a bucket and a table of its own, and indices on the session's OpenSearch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws
from opensearchpy import OpenSearch

from tests.unit.nas_sync.indexing import estate as estates
from tests.unit.nas_sync.indexing.estate import Estate


@pytest.fixture
def estate(search: OpenSearch, alias: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Estate]:
    """A scanned batch."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        built = estates.build(search, alias)
        built.scanned()
        yield built
