"""A bucket keeps what it is configured with, and S3 delivers inventories of it."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from typing import Any
from urllib.parse import unquote_plus

import obstore
import pytest
from botocore.exceptions import ClientError
from obstore.store import S3Store

from scripts.local_aws import LocalAwsError
from scripts.local_aws.account import ACCOUNT, REGION
from tests.unit.local_aws.workshop import Workshop, unique

FIELDS = ["Size", "LastModifiedDate", "StorageClass", "ETag", "ChecksumAlgorithm"]


@pytest.fixture
def s3(workshop: Workshop) -> Any:
    """A client."""
    return workshop.aws.client("s3")


def missing(call: Any, **arguments: Any) -> str:
    """The code of a call that finds nothing."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    return str(error.value.response["Error"]["Code"])


def test_metrics_of_a_bucket_are_configured_and_no_longer(workshop: Workshop, s3: Any) -> None:
    names = {"Bucket": workshop.bucket(), "Id": "whole-bucket"}
    configuration = {"Id": "whole-bucket", "Filter": {"Prefix": "a&b/"}}

    s3.put_bucket_metrics_configuration(**names, MetricsConfiguration=configuration)

    kept = s3.get_bucket_metrics_configuration(**names)["MetricsConfiguration"]
    assert kept == configuration
    listed = s3.list_bucket_metrics_configurations(Bucket=names["Bucket"])
    assert listed["MetricsConfigurationList"] == [configuration]
    s3.delete_bucket_metrics_configuration(**names)
    assert missing(s3.get_bucket_metrics_configuration, **names) == "NoSuchConfiguration"
    assert s3.head_bucket(Bucket=names["Bucket"])


def inventory(destination: str, **changes: Any) -> dict[str, Any]:
    """An inventory configuration."""
    target = {"Bucket": f"arn:aws:s3:::{destination}", "Prefix": "inventory", "Format": "CSV"}
    return {
        "Id": "all",
        "IsEnabled": True,
        "IncludedObjectVersions": "All",
        "Schedule": {"Frequency": "Daily"},
        "Destination": {"S3BucketDestination": target},
        "OptionalFields": FIELDS,
        **changes,
    }


def open_to(s3: Any, bucket: str, service: str, source: str) -> None:
    """Let a service deliver into a bucket what is of another one."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/*",
        "Condition": {
            "ArnEquals": {"aws:SourceArn": [f"arn:aws:s3:::{source}"]},
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
        },
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def test_an_inventory_is_kept_as_it_was_configured(workshop: Workshop, s3: Any) -> None:
    names = {"Bucket": workshop.bucket(), "Id": "all"}
    configuration = inventory("elsewhere", IncludedObjectVersions="Current")

    s3.put_bucket_inventory_configuration(**names, InventoryConfiguration=configuration)

    kept = s3.get_bucket_inventory_configuration(**names)["InventoryConfiguration"]
    assert kept == configuration
    s3.delete_bucket_inventory_configuration(**names)
    assert missing(s3.get_bucket_inventory_configuration, **names) == "NoSuchConfiguration"
    assert s3.head_bucket(Bucket=names["Bucket"])


@pytest.fixture
def inventoried(workshop: Workshop, s3: Any) -> str:
    """A versioned bucket of whose objects S3 lists all versions in another bucket."""
    source, destination = workshop.bucket(), workshop.bucket()
    s3.put_bucket_versioning(Bucket=source, VersioningConfiguration={"Status": "Enabled"})
    open_to(s3, destination, "s3.amazonaws.com", source)
    s3.put_bucket_inventory_configuration(
        Bucket=source, Id="all", InventoryConfiguration=inventory(destination)
    )
    return source


def content(s3: Any, uri: str) -> bytes:
    """An object of an s3:// URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    found: bytes = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return found


def rows(s3: Any, manifest: str) -> list[dict[str, str]]:
    """The rows of an inventory report, verified against its checksums."""
    said = json.loads(content(s3, manifest))
    bucket = said["destinationBucket"].removeprefix("arn:aws:s3:::")
    columns = said["fileSchema"].split(", ")
    found = []
    for file in said["files"]:
        packed = content(s3, f"s3://{bucket}/{file['key']}")
        assert hashlib.md5(packed).hexdigest() == file["MD5checksum"]  # noqa: S324  # as AWS does
        text = io.StringIO(gzip.decompress(packed).decode())
        found += [dict(zip(columns, row, strict=True)) for row in csv.reader(text)]
    return found


def test_an_inventory_lists_every_version_and_delete_marker(
    workshop: Workshop, s3: Any, inventoried: str
) -> None:
    key = 'fs/日本 +%,"1".txt'
    put = {"Bucket": inventoried, "Key": key, "StorageClass": "DEEP_ARCHIVE"}
    versions = [
        s3.put_object(**put, Body=body, ChecksumAlgorithm="SHA256") for body in (b"1", b"22")
    ]
    deleted = s3.delete_object(Bucket=inventoried, Key=key)

    [manifest] = workshop.aws.write_inventory(inventoried)

    listed = rows(s3, manifest)
    assert {unquote_plus(row["Key"]) for row in listed} == {key}
    assert [
        (row["VersionId"], row["IsLatest"], row["IsDeleteMarker"], row["Size"]) for row in listed
    ] == [
        (deleted["VersionId"], "true", "true", ""),
        (versions[1]["VersionId"], "false", "false", "2"),
        (versions[0]["VersionId"], "false", "false", "1"),
    ]
    assert (listed[1]["StorageClass"], listed[1]["ChecksumAlgorithm"]) == ("DEEP_ARCHIVE", "SHA256")
    assert f'"{listed[1]["ETag"]}"' == versions[1]["ETag"]
    checksum = content(s3, manifest.replace("manifest.json", "manifest.checksum")).decode().strip()
    assert checksum == hashlib.md5(content(s3, manifest)).hexdigest()  # noqa: S324  # as AWS does


def test_an_inventory_of_an_empty_bucket_has_no_files(
    workshop: Workshop, s3: Any, inventoried: str
) -> None:
    [manifest] = workshop.aws.write_inventory(inventoried)

    assert json.loads(content(s3, manifest))["files"] == []


def test_no_inventory_comes_where_nothing_lets_it(
    workshop: Workshop, s3: Any, inventoried: str
) -> None:
    found = s3.get_bucket_inventory_configuration(Bucket=inventoried, Id="all")
    target = found["InventoryConfiguration"]["Destination"]["S3BucketDestination"]["Bucket"]
    s3.delete_bucket_policy(Bucket=target.rsplit(":", 1)[-1])

    with pytest.raises(LocalAwsError, match=r"lets s3\.amazonaws\.com deliver no inventory"):
        workshop.aws.write_inventory(inventoried)
    with pytest.raises(LocalAwsError, match="has no inventory configuration"):
        workshop.aws.write_inventory(workshop.bucket())
    with pytest.raises(LocalAwsError, match="there is no bucket"):
        workshop.aws.write_inventory("missing")


def test_requests_are_logged_only_where_a_policy_takes_the_logs(
    workshop: Workshop, s3: Any
) -> None:
    source, target = workshop.bucket(), workshop.bucket()
    log = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": "log/"}}

    def configure() -> None:
        s3.put_bucket_logging(Bucket=source, BucketLoggingStatus=log)

    assert missing(configure) == "InvalidTargetBucketForLogging"
    open_to(s3, target, "logging.s3.amazonaws.com", "another")
    assert missing(configure) == "InvalidTargetBucketForLogging"
    open_to(s3, target, "logging.s3.amazonaws.com", source)
    configure()
    assert s3.get_bucket_logging(Bucket=source)["LoggingEnabled"] == log["LoggingEnabled"]


def test_a_bucket_says_that_eventbridge_is_told(workshop: Workshop, s3: Any) -> None:
    bucket = workshop.bucket()
    s3.put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}}
    )

    answer = s3.get_bucket_notification_configuration(Bucket=bucket)

    assert answer["EventBridgeConfiguration"] == {}


def test_a_deny_for_old_tls_keeps_nobody_out(workshop: Workshop, s3: Any) -> None:
    bucket = workshop.bucket()
    denied = [
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [f"arn:aws:s3:::{bucket}/*"],
            "Condition": condition,
        }
        for condition in (
            {"Bool": {"aws:SecureTransport": "false"}},
            {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
            {"StringEquals": {"s3:TlsVersion": "9"}},
        )
    ]
    policy = {"Version": "2012-10-17", "Statement": denied}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))

    s3.put_object(Bucket=bucket, Key="x")

    log = (workshop.aws.home / "aws.log").read_text()
    assert f"the policy of the bucket {bucket} is not applied" not in log


def test_a_checksum_is_enough_for_a_bucket_with_object_lock(workshop: Workshop, s3: Any) -> None:
    bucket = unique("locked")
    s3.create_bucket(
        Bucket=bucket,
        CreateBucketConfiguration={"LocationConstraint": REGION},
        ObjectLockEnabledForBucket=True,
    )
    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}
    s3.put_object_lock_configuration(
        Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": rule}
    )
    store = S3Store(
        bucket,
        endpoint=workshop.aws.endpoint,
        region=REGION,
        access_key_id="operator",
        secret_access_key="operator",
        virtual_hosted_style_request=False,
        checksum_algorithm="SHA256",
        client_options={"allow_http": True},
    )

    for in_parts in (False, True):
        put = obstore.put(store, "x", b"x", use_multipart=in_parts)

        assert s3.head_object(Bucket=bucket, Key="x")["ObjectLockMode"] == "GOVERNANCE"
        names = {"Bucket": bucket, "Key": "x", "VersionId": put["version"]}
        assert missing(s3.delete_object, **names) == "AccessDenied"
