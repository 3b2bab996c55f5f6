"""Each test gets a bucket of its own within this process."""

from __future__ import annotations

from collections.abc import Iterator

import moto.s3.models
import pytest
from moto import mock_aws

from tests.unit.dynamodb_export.partition.shelf import Shelf


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """A versioned bucket that takes parts of any size."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(moto.s3.models, "S3_UPLOAD_PART_MIN_SIZE", 1)
    with mock_aws():
        yield Shelf()
