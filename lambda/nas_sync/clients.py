"""How the functions reach AWS."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.session import get_session
from botocore.utils import parse_timestamp

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
    return _session().client("s3", config=_PATIENCE)


def dynamodb() -> DynamoDBClient:
    """The table of files."""
    return _session().client("dynamodb", config=_PATIENCE)


def ec2() -> EC2Client:
    """VPN connections."""
    return _session().client("ec2", config=_PATIENCE)


def ec2_once() -> EC2Client:
    """VPN connections, for what must not be repeated when an answer is lost."""
    return _session().client("ec2", config=_ONCE)


def ssm() -> SSMClient:
    """The parameter of outside addresses."""
    return _session().client("ssm", config=_PATIENCE)


def sns() -> SNSClient:
    """The topic that people listen to."""
    return _session().client("sns", config=_PATIENCE)


def stepfunctions() -> SFNClient:
    """Executions and their histories."""
    return _session().client("stepfunctions", config=_PATIENCE)


def datasync() -> DataSyncClient:
    """Transfers from the NAS."""
    return _session().client("datasync", config=_PATIENCE)


def _session() -> boto3.Session:
    """boto3's own session, with a parser of times that doesn't take most of the time of a listing.

    A million objects have a million times, which nobody reads: four minutes for botocore's parser.
    """
    if (known := boto3.DEFAULT_SESSION) is not None:
        return known
    session = get_session()
    parsers = session.get_component("response_parser_factory")
    parsers.set_parser_defaults(timestamp_parser=_moment)
    made = boto3.DEFAULT_SESSION = boto3.Session(botocore_session=session)
    return made


def _moment(value: str | float) -> datetime:
    """A time as S3 and others write it in XML; other forms are botocore's."""
    if isinstance(value, str) and value.endswith("Z"):
        return datetime.fromisoformat(value)
    return parse_timestamp(str(value))
