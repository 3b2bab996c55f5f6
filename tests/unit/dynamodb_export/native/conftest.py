"""One local AWS for all tests of native exports, and tables and a bucket for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scripts.local_aws import LocalAws, Pace, start
from tests.unit.dynamodb_export.native.plant import Plant


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    """A local AWS in which an export is under way until a test completes it."""
    with start(tmp_path_factory.mktemp("aws"), Pace(export_seconds=3600)) as running:
        yield running


@pytest.fixture
def plant(local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    """Tables and a bucket, reached as the jobs reach them."""
    for name, value in {
        "AWS_ENDPOINT_URL": local_aws.endpoint,
        "AWS_ACCESS_KEY_ID": "operator",
        "AWS_SECRET_ACCESS_KEY": "operator",
        "AWS_DEFAULT_REGION": "ap-northeast-1",
    }.items():
        monkeypatch.setenv(name, value)
    local_aws.complete_exports()
    yield Plant(local_aws)
    local_aws.complete_exports()
