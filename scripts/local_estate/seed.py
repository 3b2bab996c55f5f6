"""What a company's account holds before batchworks comes: network, secrets, buckets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from scripts.local_aws.account import REGION

STATE_BUCKET = "batchworks-state-local"

Client = Callable[[str], Any]
"""Makes a client of the local AWS for a service."""


def bucket(client: Client, name: str) -> None:
    """Make a bucket, unless it is there."""
    try:
        client("s3").create_bucket(
            Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
            raise


def buckets(client: Client) -> set[str]:
    """Names of the buckets that there are."""
    return {found["Name"] for found in client("s3").list_buckets()["Buckets"]}


def secret(client: Client, name: str, value: str) -> str:
    """Keep a secret, in place of the value it had; return its ARN."""
    manager = client("secretsmanager")
    try:
        kept = manager.create_secret(Name=name, SecretString=value)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceExistsException":
            raise
        kept = manager.put_secret_value(SecretId=name, SecretString=value)
    return str(kept["ARN"])


def network(client: Client) -> dict[str, Any]:
    """Make a VPC with two private subnets and the database's security group.

    Returns:
        The setting `network` of every stack.
    """
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
