"""What a company's account holds before batchworks comes: network, secrets, buckets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from scripts.local_aws.account import REGION
from scripts.local_estate.postgres import HOST, USERNAME, Postgres
from scripts.youtube_stand_in import DEMO, YouTube

STATE_BUCKET = "batchworks-state-local"
CSV_BUCKET = "shirogane-data-local"

Client = Callable[[str], Any]


def channels() -> list[str]:
    """The channels of the YouTube stand-in, as an operator would list them: handles and ids."""
    return [*DEMO.handles[:4], *DEMO.channel_ids[4:]]


def seed(client: Client, server: Postgres, youtube: YouTube) -> dict[str, Any]:
    """Create it all and return the Terraform settings that name it.

    Args:
        client: makes a client of the local AWS for a service.
        server: the database the stack writes to.
        youtube: whose channels are synchronised.
    """
    for bucket in (STATE_BUCKET, CSV_BUCKET):
        _bucket(client, bucket)
    return {
        "network": _network(client),
        "database": {
            "host": HOST,
            "port": server.port,
            "username": USERNAME,
            "sslmode": "disable",
            "password_secret_arn": _secret(client, "shirogane/db-password", server.password),
        },
        "youtube": {
            "api_key_secret_arn": _secret(client, "shirogane/youtube-api-key", youtube.key),
            "channels": channels(),
            "endpoint": youtube.endpoint,
        },
        "csv_bucket": CSV_BUCKET,
    }


def _bucket(client: Client, name: str) -> None:
    try:
        client("s3").create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
            raise


def _secret(client: Client, name: str, value: str) -> str:
    arn: str = client("secretsmanager").create_secret(Name=name, SecretString=value)["ARN"]
    return arn


def _network(client: Client) -> dict[str, Any]:
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.20.{n}.0/24", AvailabilityZone=REGION + zone)
        for n, zone in enumerate("ac")
    ]
    database = ec2.create_security_group(
        VpcId=vpc, GroupName="shirogane-database", Description="The shirogane database"
    )
    return {
        "vpc_id": vpc,
        "private_subnet_ids": [subnet["Subnet"]["SubnetId"] for subnet in subnets],
        "database_security_group_id": database["GroupId"],
    }
