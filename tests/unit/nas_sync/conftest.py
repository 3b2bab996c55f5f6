"""What several suites of nas-sync share."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from moto import mock_aws
from opensearchpy import OpenSearch

from nas_sync.search.client import connect
from scripts.local_aws import extensions, opensearch
from tests.unit.nas_sync import estate as estates
from tests.unit.nas_sync.estate import Estate


@pytest.fixture(scope="session")
def opensearch_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a real OpenSearch that runs as long as the tests do."""
    folder = tmp_path_factory.mktemp("opensearch")
    yield opensearch.start(folder).endpoint
    opensearch.stop(folder)


@pytest.fixture(scope="session")
def search(opensearch_endpoint: str) -> Iterator[OpenSearch]:
    """A client of it, as the functions have."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ACCESS_KEY_ID", "test")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        yield connect(opensearch_endpoint, "ap-northeast-1")


@pytest.fixture
def alias(search: OpenSearch) -> Iterator[str]:
    """The name of an index that nobody else has; whatever was made under it goes in the end."""
    name = f"test-{uuid.uuid4().hex}"
    yield name
    search.indices.delete(index=f"{name}*")


@pytest.fixture
def estate(search: OpenSearch, alias: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Estate]:
    """A scanned batch, with buckets and a table of its own."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", estates.REGION)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        extensions.load("s3")
        built = estates.build(search, alias)
        built.scanned()
        yield built
