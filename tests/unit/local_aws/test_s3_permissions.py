"""What a role may do with S3 is what its policies say, action by action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.unit.local_aws.workshop import LOGS, Workshop, allow

Call = Callable[["Caller"], Any]


@dataclass
class Caller:
    """A role's client, and what it works with."""

    workshop: Workshop
    role: str
    s3: Any
    bucket: str
    version: str
    upload: str

    @property
    def key(self) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": "fs/x"}

    def refused(self, call: Call) -> bool:
        """Whether a call is refused for want of a permission."""
        try:
            call(self)
        except ClientError as error:
            return error.response["ResponseMetadata"]["HTTPStatusCode"] == 403
        return False


@pytest.fixture(scope="module")
def caller(workshop: Workshop) -> Caller:
    """A role that may do nothing yet."""
    operator, bucket, role = workshop.aws.client("s3"), workshop.bucket(), workshop.role(LOGS)
    operator.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    key = {"Bucket": bucket, "Key": "fs/x"}
    version = operator.put_object(**key)["VersionId"]
    upload = operator.create_multipart_upload(**key)["UploadId"]
    return Caller(workshop, role, workshop.aws.client_as(role, "s3"), bucket, version, upload)


RESTORE = {"Days": 1, "GlacierJobParameters": {"Tier": "Bulk"}}

OBJECT_CALLS: list[tuple[str, Call]] = [
    ("s3:PutObject", lambda c: c.s3.put_object(**c.key)),
    ("s3:PutObject", lambda c: c.s3.create_multipart_upload(**c.key)),
    ("s3:GetObject", lambda c: c.s3.get_object(**c.key)),
    ("s3:GetObject", lambda c: c.s3.head_object(**c.key)),
    ("s3:GetObjectVersion", lambda c: c.s3.get_object(**c.key, VersionId=c.version)),
    ("s3:GetObjectVersion", lambda c: c.s3.head_object(**c.key, VersionId=c.version)),
    (
        "s3:GetObjectAttributes",
        lambda c: c.s3.get_object_attributes(**c.key, ObjectAttributes=["ETag"]),
    ),
    ("s3:ListMultipartUploadParts", lambda c: c.s3.list_parts(**c.key, UploadId=c.upload)),
    ("s3:AbortMultipartUpload", lambda c: c.s3.abort_multipart_upload(**c.key, UploadId=c.upload)),
    ("s3:DeleteObjectVersion", lambda c: c.s3.delete_object(**c.key, VersionId="none")),
    ("s3:DeleteObject", lambda c: c.s3.delete_object(**c.key)),
]

BUCKET_CALLS: list[tuple[str, Call]] = [
    ("s3:ListBucket", lambda c: c.s3.list_objects_v2(Bucket=c.bucket)),
    ("s3:ListBucket", lambda c: c.s3.head_bucket(Bucket=c.bucket)),
    ("s3:ListBucketVersions", lambda c: c.s3.list_object_versions(Bucket=c.bucket)),
    ("s3:ListBucketMultipartUploads", lambda c: c.s3.list_multipart_uploads(Bucket=c.bucket)),
    ("s3:GetBucketLocation", lambda c: c.s3.get_bucket_location(Bucket=c.bucket)),
    ("s3:GetBucketVersioning", lambda c: c.s3.get_bucket_versioning(Bucket=c.bucket)),
    (
        "s3:GetInventoryConfiguration",
        lambda c: c.s3.get_bucket_inventory_configuration(Bucket=c.bucket, Id="x"),
    ),
    ("s3:GetEncryptionConfiguration", lambda c: c.s3.get_bucket_encryption(Bucket=c.bucket)),
    (
        "s3:GetBucketObjectLockConfiguration",
        lambda c: c.s3.get_object_lock_configuration(Bucket=c.bucket),
    ),
]


@pytest.mark.parametrize(("action", "call"), OBJECT_CALLS)
def test_a_call_about_an_object_needs_its_action_on_it(
    caller: Caller, action: str, call: Call
) -> None:
    caller.workshop.grant(caller.role, allow(action, f"arn:aws:s3:::{caller.bucket}/other/*"))
    assert caller.refused(call)

    caller.workshop.grant(caller.role, allow(action, f"arn:aws:s3:::{caller.bucket}/fs/*"))
    assert not caller.refused(call)


@pytest.mark.parametrize(("action", "call"), BUCKET_CALLS)
def test_a_call_about_a_bucket_needs_its_action_on_it(
    caller: Caller, action: str, call: Call
) -> None:
    caller.workshop.grant(caller.role, allow(action, "arn:aws:s3:::other"))
    assert caller.refused(call)

    caller.workshop.grant(caller.role, allow(action, f"arn:aws:s3:::{caller.bucket}"))
    assert not caller.refused(call)


def test_a_restore_needs_its_action_on_the_object(caller: Caller) -> None:
    key = {"Bucket": caller.bucket, "Key": "fs/archived"}
    caller.workshop.aws.client("s3").put_object(**key, StorageClass="DEEP_ARCHIVE")

    def restore(_: Caller) -> None:
        caller.s3.restore_object(**key, RestoreRequest=RESTORE)

    caller.workshop.grant(caller.role, allow("s3:GetObject", "*"))
    assert caller.refused(restore)
    caller.workshop.grant(caller.role, allow("s3:RestoreObject", f"arn:aws:s3:::{caller.bucket}/*"))
    assert not caller.refused(restore)


def test_metrics_are_published_only_in_the_namespace_that_is_allowed(caller: Caller) -> None:
    cloudwatch = caller.workshop.aws.client_as(caller.role, "cloudwatch")
    within = {"StringEquals": {"cloudwatch:namespace": "mine"}}
    caller.workshop.grant(
        caller.role, {**allow("cloudwatch:PutMetricData", "*"), "Condition": within}
    )

    def publish(namespace: str) -> Call:
        data = [{"MetricName": "x", "Value": 1}]
        return lambda _: cloudwatch.put_metric_data(Namespace=namespace, MetricData=data)

    assert not caller.refused(publish("mine"))
    assert caller.refused(publish("other"))


def test_a_process_gets_the_keys_of_a_role_from_its_environment(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in caller.workshop.aws.environment_of(caller.role).items():
        monkeypatch.setenv(name, value)

    who = boto3.Session().client("sts").get_caller_identity()["Arn"]

    assert f"assumed-role/{caller.role}/" in who
