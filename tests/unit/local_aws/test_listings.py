"""Listings of a bucket: every object once, on pages, by key, folders in one piece."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_aws.workshop import Workshop

KEYS = ["a", "a b+c/d", "a&b<c>/é", "b/1", "b/2/x", "b/2/y", "b/3", "b!", "営業/見積.pdf"]
GONE = ["b/0", "gone/1", "gone/2", "z"]
BY_KEY = sorted(KEYS)


@pytest.fixture(scope="module")
def bucket(workshop: Workshop) -> str:
    """A versioned bucket with a few objects, and some that were deleted."""
    name, s3 = workshop.bucket(), workshop.aws.client("s3")
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for key in KEYS + GONE:
        s3.put_object(Bucket=name, Key=key, Body=key.encode())
    for key in GONE:
        s3.delete_object(Bucket=name, Key=key)
    return name


def listed(workshop: Workshop, bucket: str, **asked: Any) -> tuple[list[str], list[str]]:
    """Keys and folders of all pages."""
    paginator = workshop.aws.client("s3").get_paginator("list_objects_v2")
    pages = list(paginator.paginate(Bucket=bucket, **asked))
    keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
    folders = [each["Prefix"] for page in pages for each in page.get("CommonPrefixes", ())]
    assert sum(page["KeyCount"] for page in pages) == len(keys) + len(folders)
    return keys, folders


@pytest.mark.parametrize("size", [1, 2, len(KEYS) - 1, len(KEYS), 1000])
def test_every_object_is_on_one_page_by_key(workshop: Workshop, bucket: str, size: int) -> None:
    assert listed(workshop, bucket, PaginationConfig={"PageSize": size}) == (BY_KEY, [])


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_a_folder_is_listed_once_unless_all_of_it_is_deleted(
    workshop: Workshop, bucket: str, size: int
) -> None:
    pages = {"PaginationConfig": {"PageSize": size}}

    keys, folders = listed(workshop, bucket, Delimiter="/", **pages)
    assert keys == ["a", "b!"]
    assert folders == ["a b+c/", "a&b<c>/", "b/", "営業/"]
    inside = listed(workshop, bucket, Delimiter="/", Prefix="b/", **pages)
    assert inside == (["b/1", "b/3"], ["b/2/"])


def test_a_listing_begins_behind_a_key(workshop: Workshop, bucket: str) -> None:
    assert listed(workshop, bucket, Prefix="b", StartAfter="b/2/x")[0] == ["b/2/y", "b/3"]


def test_an_object_is_described(workshop: Workshop, bucket: str) -> None:
    s3, key = workshop.aws.client("s3"), "営業/見積.pdf"

    [found] = s3.list_objects_v2(Bucket=bucket, Prefix=key, FetchOwner=True)["Contents"]

    there = s3.head_object(Bucket=bucket, Key=key)
    assert (found["ETag"], found["Size"]) == (there["ETag"], len(key.encode()))
    assert found["LastModified"] == there["LastModified"]
    assert found["StorageClass"] == "STANDARD"
    assert found["ChecksumAlgorithm"] == ["CRC32"]
    assert found["Owner"]["ID"]


def test_an_empty_listing_has_no_objects(workshop: Workshop, bucket: str) -> None:
    assert listed(workshop, bucket, Prefix="nothing&") == ([], [])
    assert listed(workshop, bucket, Prefix="gone/", Delimiter="/") == ([], [])


def test_a_token_of_nothing_is_refused(workshop: Workshop, bucket: str) -> None:
    with pytest.raises(ClientError) as error:
        workshop.aws.client("s3").list_objects_v2(Bucket=bucket, ContinuationToken="made up")

    assert error.value.response["Error"]["Code"] == "InvalidArgument"
