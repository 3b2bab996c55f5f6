"""How the jobs reach AWS."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from botocore.model import OperationModel
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client

# Five tries with growing pauses; a connection that says nothing for long is given up.
_PATIENCE = Config(
    connect_timeout=5,
    read_timeout=60,
    retries={"mode": "standard", "total_max_attempts": 5},
    max_pool_connections=64,  # threads that wait for an answer each, of a few objects in parts
)


def dynamodb() -> DynamoDBClient:
    """The tables and their native exports."""
    return boto3.client("dynamodb", config=_PATIENCE)


def s3(owner: str) -> S3Client:
    """The bucket; S3 refuses every call to one of that name in another account.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html

    Args:
        owner: the account that has it.
    """
    client = boto3.client("s3", config=_PATIENCE)
    client.meta.events.register("provide-client-params.s3", partial(_name_owner, owner))
    return client


def events() -> EventBridgeClient:
    """The bus."""
    return boto3.client("events", config=_PATIENCE)


def _name_owner(owner: str, params: dict[str, Any], model: OperationModel, **_: object) -> None:
    known = model.input_shape.members if model.input_shape else {}
    for name in ("ExpectedBucketOwner", "ExpectedSourceBucketOwner"):
        if name in known:
            params[name] = owner
