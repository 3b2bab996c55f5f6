"""How the functions reach AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

# Five tries with growing pauses; a connection that says nothing for long is given up.
_PATIENCE = Config(
    connect_timeout=5,
    read_timeout=60,
    retries={"mode": "standard", "total_max_attempts": 5},
    max_pool_connections=32,
)


def s3() -> S3Client:
    """The raw and the archive bucket."""
    return boto3.client("s3", config=_PATIENCE)


def dynamodb() -> DynamoDBClient:
    """The table of files."""
    return boto3.client("dynamodb", config=_PATIENCE)
