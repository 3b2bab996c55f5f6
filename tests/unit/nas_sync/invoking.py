"""Fixtures for tests of handlers; a suite's conftest imports those that it uses."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws

from nas_sync import SERVICE

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger
    from mypy_boto3_s3 import S3Client

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Lines:
    """The JSON lines that a function printed since the last time one looked."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.fixture
def listen(monkeypatch: pytest.MonkeyPatch) -> Callable[[Logger], None]:
    """Lets a function's lines go to where `lines` reads them."""

    def attach(logger: Logger) -> None:
        handler = logger.registered_handler
        monkeypatch.setattr(handler, "stream", sys.stdout)
        for name in (None, SERVICE):  # of several functions' loggers, the first would be heard
            monkeypatch.setattr(logging.getLogger(name), "handlers", [handler])

    return attach


@pytest.fixture
def raw_bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3Client]:
    """S3 in process with the bucket `raw`, and the variables that lead a function there."""
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for name, value in {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "ENVIRONMENT": "local",
        "RAW_BUCKET": "raw",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="raw")
        yield client
