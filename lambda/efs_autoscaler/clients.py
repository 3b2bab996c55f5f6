"""Ways to AWS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_ec2 import EC2Client
    from mypy_boto3_ecs import ECSClient
    from mypy_boto3_efs import EFSClient
    from mypy_boto3_ssm import SSMClient

# With a fifth of all calls throttled, one in 400,000 fails after so many attempts.
_PATIENT = Config(
    connect_timeout=5, read_timeout=15, retries={"mode": "standard", "total_max_attempts": 8}
)


@dataclass(frozen=True)
class Clients:
    """One for each service that a run needs."""

    efs: EFSClient
    ec2: EC2Client
    ssm: SSMClient
    ecs: ECSClient


def connect() -> Clients:
    """Clients that bear being throttled."""
    return Clients(
        efs=boto3.client("efs", config=_PATIENT),
        ec2=boto3.client("ec2", config=_PATIENT),
        ssm=boto3.client("ssm", config=_PATIENT),
        ecs=boto3.client("ecs", config=_PATIENT),
    )
