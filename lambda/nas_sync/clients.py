"""How the functions reach AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_datasync import DataSyncClient
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_ssm import SSMClient
    from mypy_boto3_stepfunctions import SFNClient

# Five tries with growing pauses; a connection that says nothing for long is given up.
_PATIENCE = Config(
    connect_timeout=5,
    read_timeout=60,
    retries={"mode": "standard", "total_max_attempts": 5},
    max_pool_connections=32,
)

_ONCE = Config(connect_timeout=5, read_timeout=60, retries={"total_max_attempts": 1})


def s3() -> S3Client:
    """The raw and the archive bucket."""
    return boto3.client("s3", config=_PATIENCE)


def dynamodb() -> DynamoDBClient:
    """The table of files."""
    return boto3.client("dynamodb", config=_PATIENCE)


def ec2() -> EC2Client:
    """VPN connections."""
    return boto3.client("ec2", config=_PATIENCE)


def ec2_once() -> EC2Client:
    """VPN connections, for what must not be repeated when an answer is lost."""
    return boto3.client("ec2", config=_ONCE)


def ssm() -> SSMClient:
    """The parameter of outside addresses."""
    return boto3.client("ssm", config=_PATIENCE)


def sns() -> SNSClient:
    """The topic that people listen to."""
    return boto3.client("sns", config=_PATIENCE)


def stepfunctions() -> SFNClient:
    """Executions and their histories."""
    return boto3.client("stepfunctions", config=_PATIENCE)


def datasync() -> DataSyncClient:
    """Transfers from the NAS."""
    return boto3.client("datasync", config=_PATIENCE)
