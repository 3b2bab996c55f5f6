"""Clients of AWS, made once at the edge and passed in."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from obstore.auth.boto3 import Boto3CredentialProvider
from obstore.store import S3Store

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3control import S3ControlClient

CONNECTIONS = 64
_RETRIES = 5


def s3(region: str) -> S3Client:
    """The control plane: HEAD, restore, listings. The SDK retries, and no one else."""
    config = Config(
        region_name=region,
        max_pool_connections=CONNECTIONS,
        retries={"mode": "standard", "total_max_attempts": 1 + _RETRIES},
        connect_timeout=10,
        read_timeout=60,
        s3={"payload_signing_enabled": False},  # the checksum is signed: it stands for the body
    )
    return boto3.client("s3", config=config)


def s3control(region: str) -> S3ControlClient:
    """S3 Batch Operations."""
    return boto3.client("s3control", region_name=region)


def cloudwatch(region: str) -> CloudWatchClient:
    """Metrics that alarms look at."""
    return boto3.client("cloudwatch", region_name=region)


def store(bucket: str, region: str) -> S3Store:
    """The data plane: uploads and downloads, every part with its SHA-256."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    return S3Store(
        bucket,
        config={
            "region": region,
            "checksum_algorithm": "SHA256",
            "conditional_put": "etag",
            "unsigned_payload": True,  # the checksum is signed: it stands for the body
            **({"endpoint": endpoint, "virtual_hosted_style_request": False} if endpoint else {}),
        },
        client_options={
            "allow_http": bool(endpoint and endpoint.startswith("http://")),
            "connect_timeout": timedelta(seconds=10),
            "read_timeout": timedelta(minutes=5),  # time to send 8 MiB over a slow line
            "timeout": timedelta(hours=1),
        },
        retry_config={"max_retries": _RETRIES, "retry_timeout": timedelta(minutes=2)},
        credential_provider=Boto3CredentialProvider(boto3.Session(region_name=region)),
    )
