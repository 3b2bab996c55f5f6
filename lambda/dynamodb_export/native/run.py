"""What a run that deals with native exports works with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class Run:
    """How AWS is reached, whose tables and bucket are meant, and when it is."""

    dynamodb: DynamoDBClient
    s3: S3Client
    events: EventBridgeClient
    environment: str  # such as prd; accounts, and so the bus, may be shared
    bucket: str
    account_id: str  # owner of the bucket and the tables
    now: datetime  # UTC, whole seconds
