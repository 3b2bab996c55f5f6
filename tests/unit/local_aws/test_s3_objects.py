"""S3 keeps what it was sent, whole, and lets no writer overwrite what it promised not to."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import obstore
import pytest
import requests
from botocore.exceptions import ClientError
from obstore.exceptions import AlreadyExistsError
from obstore.store import S3Store

from scripts.local_aws import LocalAws
from scripts.local_aws.account import REGION
from tests.unit.local_aws.workshop import Workshop, unique

PART = 5 << 20  # bytes: the least that S3 takes for any part but the last


def sha256(content: bytes) -> str:
    """A checksum as S3 writes it."""
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def refused(call: Any, **arguments: Any) -> tuple[int, str]:
    """Status and code of a call that is refused."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    answer = error.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


@pytest.fixture(scope="module")
def bucket(workshop: Workshop) -> str:
    """A versioned bucket."""
    name = workshop.bucket()
    workshop.aws.client("s3").put_bucket_versioning(
        Bucket=name, VersioningConfiguration={"Status": "Enabled"}
    )
    return name


@pytest.fixture(scope="module")
def store(aws: LocalAws, bucket: str) -> S3Store:
    """The same bucket, seen by a client that isn't Amazon's."""
    return S3Store(
        bucket,
        endpoint=aws.endpoint,
        region=REGION,
        access_key_id="operator",
        secret_access_key="operator",
        virtual_hosted_style_request=False,
        checksum_algorithm="SHA256",
        client_options={"allow_http": True},
    )


@pytest.fixture
def s3(aws: LocalAws) -> Any:
    """A client."""
    return aws.client("s3")


@pytest.mark.parametrize(
    ("claimed", "answer"),
    [(sha256(b"other"), (400, "BadDigest")), ("nonsense", (400, "InvalidRequest"))],
)
def test_an_object_that_differs_from_its_checksum_is_not_kept(
    s3: Any, bucket: str, claimed: str, answer: tuple[int, str]
) -> None:
    key = unique("key")

    assert refused(s3.put_object, Bucket=bucket, Key=key, Body=b"x", ChecksumSHA256=claimed) == (
        answer
    )
    assert refused(s3.head_object, Bucket=bucket, Key=key)[0] == 404


def test_a_checksum_is_given_back_to_whoever_asks_for_it(s3: Any, bucket: str) -> None:
    key = unique("日本 +%")
    put = s3.put_object(Bucket=bucket, Key=key, Body=b"x", ChecksumSHA256=sha256(b"x"))

    asked = s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")

    assert put["ChecksumSHA256"] == asked["ChecksumSHA256"] == sha256(b"x")
    assert asked["ChecksumType"] == "FULL_OBJECT"
    assert put["VersionId"] == asked["VersionId"]
    assert "ChecksumSHA256" not in s3.head_object(Bucket=bucket, Key=key)
    got = s3.get_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    assert got["ChecksumSHA256"] == sha256(b"x")


@pytest.mark.parametrize(("content", "status"), [(b"hello", 200), (b"hellp", 400)])
def test_a_checksum_in_the_trailer_is_verified_too(
    aws: LocalAws, bucket: str, content: bytes, status: int
) -> None:
    body = b"5\r\n%s\r\n0\r\nx-amz-checksum-sha256:%s\r\n\r\n"

    answer = requests.put(
        f"{aws.endpoint}/{bucket}/{unique('key')}",
        data=body % (content, sha256(b"hello").encode()),
        headers={
            "Authorization": f"AWS4-HMAC-SHA256 Credential=x/20260101/{REGION}/s3/aws4_request",
            "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "x-amz-trailer": "x-amz-checksum-sha256",
            "x-amz-decoded-content-length": "5",
        },
        timeout=10,
    )

    assert answer.status_code == status


class Upload:
    """A multipart upload with checksums."""

    def __init__(self, s3: Any, bucket: str) -> None:
        self.s3 = s3
        self.names = {"Bucket": bucket, "Key": unique("key")}
        started = s3.create_multipart_upload(**self.names, ChecksumAlgorithm="SHA256")
        self.names["UploadId"] = started["UploadId"]
        self.parts: list[dict[str, Any]] = []

    def add(self, content: bytes) -> None:
        """Upload the next part."""
        number = len(self.parts) + 1
        checksum = {"ChecksumSHA256": sha256(content)}
        etag = self.s3.upload_part(
            **self.names, PartNumber=number, Body=content, ChecksumSHA256=sha256(content)
        )["ETag"]
        self.parts.append({"PartNumber": number, "ETag": etag, **checksum})

    def finish(self, **arguments: Any) -> Any:
        """Complete it."""
        return self.s3.complete_multipart_upload(
            **{**self.names, "MultipartUpload": {"Parts": self.parts}, **arguments}
        )


def composite(*parts: bytes) -> str:
    """The checksum that S3 gives to an object of these parts."""
    digests = b"".join(hashlib.sha256(part).digest() for part in parts)
    return f"{sha256(digests)}-{len(parts)}"


def test_an_upload_in_parts_has_a_checksum_of_checksums(s3: Any, bucket: str) -> None:
    upload, parts = Upload(s3, bucket), [b"a" * PART, b"b"]
    for part in parts:
        upload.add(part)

    done = upload.finish(ChecksumSHA256=composite(*parts))

    asked = s3.head_object(Bucket=bucket, Key=upload.names["Key"], ChecksumMode="ENABLED")
    assert done["ChecksumSHA256"] == asked["ChecksumSHA256"] == composite(*parts)
    assert done["ChecksumType"] == asked["ChecksumType"] == "COMPOSITE"
    assert done["VersionId"] == asked["VersionId"]


def test_a_part_that_differs_from_its_checksum_is_not_kept(s3: Any, bucket: str) -> None:
    upload = Upload(s3, bucket)

    part = {**upload.names, "PartNumber": 1, "Body": b"x"}
    assert refused(s3.upload_part, **part, ChecksumSHA256=sha256(b"y")) == (400, "BadDigest")
    assert refused(s3.upload_part, **part) == (400, "InvalidRequest")  # CRC32, botocore's own
    assert "Parts" not in s3.list_parts(**upload.names)


def test_an_upload_is_not_completed_from_other_parts_than_were_sent(s3: Any, bucket: str) -> None:
    upload = Upload(s3, bucket)
    upload.add(b"x")
    [part] = upload.parts

    def with_part(**changes: Any) -> tuple[int, str]:
        named = {key: value for key, value in {**part, **changes}.items() if value}
        return refused(upload.finish, MultipartUpload={"Parts": [named]})

    assert with_part(ChecksumSHA256=None) == (400, "InvalidRequest")
    assert with_part(ChecksumSHA256=sha256(b"y")) == (400, "InvalidPart")
    assert with_part(PartNumber=2) == (400, "InvalidPart")
    assert refused(upload.finish, ChecksumSHA256=composite(b"y")) == (400, "BadDigest")
    assert upload.finish()["ChecksumSHA256"] == composite(b"x")


def test_a_part_of_an_unknown_upload_is_refused(s3: Any, bucket: str) -> None:
    names = {"Bucket": bucket, "Key": "x", "UploadId": "unknown", "PartNumber": 1}

    assert refused(s3.upload_part, **names, Body=b"x") == (404, "NoSuchUpload")


def test_create_only_writes_leave_what_is_there(s3: Any, bucket: str) -> None:
    upload = Upload(s3, bucket)
    upload.add(b"new")
    key = upload.names["Key"]
    first = s3.put_object(Bucket=bucket, Key=key, Body=b"old", IfNoneMatch="*")

    again = refused(s3.put_object, Bucket=bucket, Key=key, Body=b"new", IfNoneMatch="*")

    assert again == refused(upload.finish, IfNoneMatch="*") == (412, "PreconditionFailed")
    assert s3.head_object(Bucket=bucket, Key=key)["VersionId"] == first["VersionId"]


def test_a_write_that_names_what_it_replaces_replaces_nothing_else(s3: Any, bucket: str) -> None:
    upload = Upload(s3, bucket)
    upload.add(b"new")
    key = upload.names["Key"]
    assert refused(upload.finish, IfMatch='"any"') == (404, "NoSuchKey")
    etag = s3.put_object(Bucket=bucket, Key=key, Body=b"old")["ETag"]

    refusal = refused(s3.put_object, Bucket=bucket, Key=key, Body=b"new", IfMatch='"other"')

    assert refusal == refused(upload.finish, IfMatch='"other"') == (412, "PreconditionFailed")
    upload.finish(IfMatch=etag)
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"new"


def test_of_many_create_only_writes_at_once_one_wins(store: S3Store) -> None:
    key = unique("key")

    def wins(number: int) -> bool:
        try:
            obstore.put(store, key, b"%d" % number, mode="create")
        except AlreadyExistsError:
            return False
        return True

    with ThreadPoolExecutor(16) as writers:
        assert sum(writers.map(wins, range(32))) == 1


def test_obstore_sees_versions_and_has_its_checksums_verified(
    s3: Any, store: S3Store, bucket: str
) -> None:
    key, content = unique("key"), b"x" * (2 * PART + 1)
    archived = {"Storage-Class": "DEEP_ARCHIVE"}

    small = obstore.put(store, key, b"x", attributes=archived, mode="create")
    large = obstore.put(
        store, f"{key}-large", content, attributes=archived, use_multipart=True, chunk_size=PART
    )

    asked = s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    assert (asked["VersionId"], asked["ChecksumSHA256"]) == (small["version"], sha256(b"x"))
    assert asked["StorageClass"] == "DEEP_ARCHIVE"
    asked = s3.head_object(Bucket=bucket, Key=f"{key}-large", ChecksumMode="ENABLED")
    assert asked["VersionId"] == large["version"]
    parts = [content[:PART], content[PART : 2 * PART], content[2 * PART :]]
    assert asked["ChecksumSHA256"] == composite(*parts)


def test_versions_are_listed_page_by_page_the_newest_of_each_key_first(
    s3: Any, bucket: str
) -> None:
    prefix = unique("versions")
    written = {
        key: [s3.put_object(Bucket=bucket, Key=key)["VersionId"] for _ in range(3)]
        for key in (f"{prefix}/b", f"{prefix}/a", f"{prefix}/日本")
    }
    marker = s3.delete_object(Bucket=bucket, Key=f"{prefix}/a")["VersionId"]
    expected = [
        (key, version, number == 0)
        for key, versions in sorted(written.items())
        for number, version in enumerate(
            [*([marker] if key.endswith("/a") else []), *reversed(versions)]
        )
    ]

    for size in (1, 2, 1000):
        pages = s3.get_paginator("list_object_versions").paginate(
            Bucket=bucket, Prefix=prefix, PaginationConfig={"PageSize": size}
        )
        listed = [
            (each["Key"], each["VersionId"], each["IsLatest"])
            for page in pages
            for each in [*page.get("DeleteMarkers", []), *page.get("Versions", [])]
        ]
        assert listed == expected


def test_a_list_of_versions_may_begin_after_a_key(s3: Any, bucket: str) -> None:
    prefix = unique("after")
    for name in "abc":
        s3.put_object(Bucket=bucket, Key=f"{prefix}/{name}")

    listed = s3.list_object_versions(Bucket=bucket, Prefix=prefix, KeyMarker=f"{prefix}/a")

    assert [each["Key"][-1] for each in listed["Versions"]] == ["b", "c"]


def test_an_object_comes_back_when_its_delete_marker_is_deleted(s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="back", Body=b"content")
    marker = s3.delete_object(Bucket=bucket, Key="back")["VersionId"]
    s3.delete_object(Bucket=bucket, Key="back", VersionId=marker)
    assert s3.get_object(Bucket=bucket, Key="back")["Body"].read() == b"content"


def test_versions_are_listed_as_url_when_that_is_asked_for(workshop: Workshop) -> None:
    bucket, key = workshop.bucket(), "部/100% + #1 &済.txt"
    s3 = workshop.aws.client("s3")
    s3.put_object(Bucket=bucket, Key=key)
    address = f"{workshop.aws.endpoint}/{bucket}?versions&encoding-type="
    assert (
        "%E9%83%A8/100%25%20%2B%20%231%20%26%E6%B8%88.txt"
        in requests.get(f"{address}url", timeout=10).text
    )
    assert [found["Key"] for found in s3.list_object_versions(Bucket=bucket)["Versions"]] == [key]
