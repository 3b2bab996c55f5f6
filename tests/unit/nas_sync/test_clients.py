"""Clients read times as botocore does, only faster."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest
from moto import mock_aws

from nas_sync import clients

REGION: Final = "ap-northeast-1"


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """AWS in this process."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield


def test_listed_objects_have_the_time_that_their_headers_have() -> None:
    s3 = clients.s3()
    s3.create_bucket(Bucket="raw", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="raw", Key="k", Body=b"")

    [found] = s3.list_objects_v2(Bucket="raw")["Contents"]

    assert found["LastModified"] == s3.head_object(Bucket="raw", Key="k")["LastModified"]
    assert abs((datetime.now(UTC) - found["LastModified"]).total_seconds()) < 60


def test_times_in_json_are_moments_too() -> None:
    made = clients.dynamodb().create_table(
        TableName="t",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )["TableDescription"]

    assert abs((datetime.now(UTC) - made["CreationDateTime"]).total_seconds()) < 60
