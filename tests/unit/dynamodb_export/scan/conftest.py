"""Each test gets an AWS of its own within this process."""

from __future__ import annotations

from collections.abc import Iterator

import moto.s3.models
import pytest
from moto import mock_aws

from tests.unit.dynamodb_export.scan import world
from tests.unit.dynamodb_export.scan.world import World


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A table, a bucket, a bus; S3 takes parts of any size."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(moto.s3.models, "S3_UPLOAD_PART_MIN_SIZE", 1)
    with mock_aws():
        yield world.make()
