"""Copies and deletions: who may, under which conditions, and what comes of them."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_aws.workshop import LOGS, Workshop, allow

PART = 5 * 1024 * 1024


@pytest.fixture
def bucket(workshop: Workshop) -> str:
    """A bucket with an object, `from/x`."""
    name = workshop.bucket()
    workshop.aws.client("s3").put_object(Bucket=name, Key="from/x", Body=b"content")
    return name


@pytest.fixture(scope="module")
def s3(workshop: Workshop) -> Any:
    """The operator's client."""
    return workshop.aws.client("s3")


def copy(client: Any, bucket: str, key: str = "to/x", **settings: Any) -> Any:
    source = {"Bucket": bucket, "Key": "from/x"}
    return client.copy_object(**{"Bucket": bucket, "Key": key, "CopySource": source, **settings})


def sha256(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def test_a_copy_needs_to_read_its_source_and_write_its_target(
    workshop: Workshop, bucket: str
) -> None:
    read = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/from/*")
    write = allow("s3:PutObject", f"arn:aws:s3:::{bucket}/to/*")
    role = workshop.role(LOGS)
    client = workshop.aws.client_as(role, "s3")

    for granted, lacking in (([read], "s3:PutObject"), ([write], "s3:GetObject")):
        workshop.grant(role, *granted)
        with pytest.raises(ClientError, match=f"perform: {lacking}"):
            copy(client, bucket)

    workshop.grant(role, read, write)
    copy(client, bucket)


def test_a_copied_part_needs_to_read_its_source(workshop: Workshop, bucket: str) -> None:
    write = allow("s3:PutObject", f"arn:aws:s3:::{bucket}/to/*")
    client = workshop.aws.client_as(workshop.role(write), "s3")
    target = {"Bucket": bucket, "Key": "to/x"}
    upload = client.create_multipart_upload(**target)["UploadId"]

    with pytest.raises(ClientError, match="perform: s3:GetObject"):
        client.upload_part_copy(
            **target, UploadId=upload, PartNumber=1, CopySource=f"{bucket}/from/x"
        )


@pytest.mark.parametrize(
    "condition",
    [{"CopySourceIfMatch": '"another"'}, {"IfNoneMatch": "*"}, {"IfMatch": '"another"'}],
)
def test_a_copy_under_a_condition_that_is_not_met_is_not_made(
    s3: Any, bucket: str, condition: dict[str, str]
) -> None:
    s3.put_object(Bucket=bucket, Key="to/x", Body=b"there")

    with pytest.raises(ClientError, match="PreconditionFailed"):
        copy(s3, bucket, **condition)

    assert s3.get_object(Bucket=bucket, Key="to/x")["Body"].read() == b"there"


def test_a_copy_under_conditions_that_are_met_is_made(s3: Any, bucket: str) -> None:
    etag = s3.head_object(Bucket=bucket, Key="from/x")["ETag"]

    made = copy(s3, bucket, CopySourceIfMatch=etag, IfNoneMatch="*")["CopyObjectResult"]
    copy(s3, bucket, IfMatch=made["ETag"], MetadataDirective="REPLACE")

    assert made["ETag"] == etag
    with pytest.raises(ClientError, match="NoSuchKey"):
        copy(s3, bucket, CopySource=f"{bucket}/missing")


def test_a_copy_has_the_checksum_that_was_asked_for(s3: Any, bucket: str) -> None:
    made = copy(s3, bucket, ChecksumAlgorithm="SHA256")["CopyObjectResult"]

    head = s3.head_object(Bucket=bucket, Key="to/x", ChecksumMode="ENABLED")
    assert made["ChecksumSHA256"] == head["ChecksumSHA256"] == sha256(b"content")
    assert head["ChecksumType"] == "FULL_OBJECT"


def multipart(s3: Any, bucket: str, key: str, *parts: bytes) -> None:
    target = {"Bucket": bucket, "Key": key}
    upload = s3.create_multipart_upload(**target, ChecksumAlgorithm="SHA256")["UploadId"]
    listed = []
    for number, content in enumerate(parts, 1):
        answer = s3.upload_part(
            **target,
            UploadId=upload,
            PartNumber=number,
            Body=content,
            ChecksumAlgorithm="SHA256",
        )
        told = {"ETag": answer["ETag"], "ChecksumSHA256": answer["ChecksumSHA256"]}
        listed.append({"PartNumber": number, **told})
    s3.complete_multipart_upload(**target, UploadId=upload, MultipartUpload={"Parts": listed})


def test_a_copy_of_an_upload_in_parts_is_of_one_part(s3: Any, bucket: str) -> None:
    content = [b"1" * PART, b"2"]
    multipart(s3, bucket, "parts", *content)

    copy(s3, bucket, CopySource=f"{bucket}/parts")

    head = s3.head_object(Bucket=bucket, Key="to/x", ChecksumMode="ENABLED")
    assert head["ChecksumSHA256"] == sha256(b"".join(content))
    assert "-" not in head["ETag"]


def test_a_copy_in_the_parts_of_its_source_is_the_same_object(s3: Any, bucket: str) -> None:
    multipart(s3, bucket, "parts", b"1" * PART, b"2")
    source, target = {"Bucket": bucket, "Key": "parts"}, {"Bucket": bucket, "Key": "to/parts"}
    upload = s3.create_multipart_upload(**target, ChecksumAlgorithm="SHA256")["UploadId"]
    parts = []
    for number, limits in enumerate((f"bytes=0-{PART - 1}", f"bytes={PART}-{PART}"), 1):
        result = s3.upload_part_copy(
            **target, UploadId=upload, PartNumber=number, CopySource=source, CopySourceRange=limits
        )["CopyPartResult"]
        told = {"ETag": result["ETag"], "ChecksumSHA256": result["ChecksumSHA256"]}
        parts.append({"PartNumber": number, **told})
    s3.complete_multipart_upload(
        **target, UploadId=upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*"
    )

    heads = [s3.head_object(**each, ChecksumMode="ENABLED") for each in (source, target)]
    for name in ("ETag", "ChecksumSHA256", "ChecksumType", "ContentLength"):
        assert heads[0][name] == heads[1][name], name
    sizes = [s3.head_object(**source, PartNumber=n)["ContentLength"] for n in (1, 2)]
    assert sizes == [PART, 1]


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"CopySourceIfMatch": '"another"'}, "PreconditionFailed"),
        ({"CopySourceRange": "bytes=0-7"}, "Range specified is not valid"),
        ({"UploadId": "unknown"}, "NoSuchUpload"),
    ],
)
def test_a_part_that_cannot_be_copied_is_refused(
    s3: Any, bucket: str, settings: dict[str, str], error: str
) -> None:
    target = {"Bucket": bucket, "Key": "to/x"}
    upload = s3.create_multipart_upload(**target)["UploadId"]
    asked = {"UploadId": upload, "PartNumber": 1, "CopySource": f"{bucket}/from/x"}

    with pytest.raises(ClientError, match=error):
        s3.upload_part_copy(**{**target, **asked, **settings})


def test_an_upload_completes_only_where_nothing_is_yet(s3: Any, bucket: str) -> None:
    target = {"Bucket": bucket, "Key": "from/x"}
    upload = s3.create_multipart_upload(**target)["UploadId"]
    etag = s3.upload_part(**target, UploadId=upload, PartNumber=1, Body=b"new")["ETag"]
    parts = {"Parts": [{"PartNumber": 1, "ETag": etag}]}

    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.complete_multipart_upload(
            **target, UploadId=upload, MultipartUpload=parts, IfNoneMatch="*"
        )

    assert [each["UploadId"] for each in s3.list_multipart_uploads(Bucket=bucket)["Uploads"]]
    s3.abort_multipart_upload(**target, UploadId=upload)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


def test_of_many_deletions_each_needs_its_permission(workshop: Workshop, s3: Any) -> None:
    bucket = workshop.bucket()
    for key in ("mine/x", "other/x"):
        s3.put_object(Bucket=bucket, Key=key)
    role = workshop.role(allow("s3:DeleteObject", f"arn:aws:s3:::{bucket}/mine/*"))
    objects = [{"Key": "mine/x"}, {"Key": "other/x"}]

    answer = workshop.aws.client_as(role, "s3").delete_objects(
        Bucket=bucket, Delete={"Objects": objects}
    )

    assert [each["Key"] for each in answer["Deleted"]] == ["mine/x"]
    assert [(each["Key"], each["Code"]) for each in answer["Errors"]] == [
        ("other/x", "AccessDenied")
    ]
    assert [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["other/x"]


def test_a_deletion_of_another_object_than_was_meant_is_refused(s3: Any, bucket: str) -> None:
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.delete_object(Bucket=bucket, Key="from/x", IfMatch='"another"')

    etag = s3.head_object(Bucket=bucket, Key="from/x")["ETag"]
    s3.delete_object(Bucket=bucket, Key="from/x", IfMatch=etag)
