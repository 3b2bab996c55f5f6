"""Runs of one table that work at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from batchworks.errors import JobError
from dynamodb_export.scan import store
from tests.unit.dynamodb_export.scan.world import BUCKET, World


def test_two_exports_of_a_table_are_both_whole_and_the_last_wins(aws: World) -> None:
    aws.fill(40)
    for run in ("a", "b"):
        aws.begin(run, draft=run)
    with ThreadPoolExecutor() as pool:
        results = list(pool.map(aws.export, ["a", "b"]))
    assert [result.items for result in results] == [40, 40]
    versions = aws.s3.list_object_versions(Bucket=BUCKET, Prefix="raw/")["Versions"]
    contents = {
        aws.s3.get_object(Bucket=BUCKET, Key=each["Key"], VersionId=each["VersionId"])[
            "Body"
        ].read()
        for each in versions
    }
    assert len(versions) == 2
    assert len(contents) == 1
    assert len(aws.items()) == 40
    assert aws.stored("state/") == []
    assert aws.uploads() == []


def test_an_event_that_is_delivered_twice_at_once_gives_one_whole_object(aws: World) -> None:
    aws.fill(40)
    aws.begin()

    def export(_: int) -> str:
        try:
            return aws.export().outcome
        except JobError:  # the other was quicker; Lambda repeats this one
            return aws.export().outcome

    with ThreadPoolExecutor() as pool:
        outcomes = list(pool.map(export, range(2)))
    assert outcomes == ["complete", "complete"]
    assert len({item["n"] for item in aws.items()}) == len(aws.items()) == 40


def test_a_large_object_is_copied_in_parts(aws: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_COPIED_AT_ONCE", 5 * 1024 * 1024)
    content = bytes(range(256)) * 45_000  # 11 MiB
    aws.s3.put_object(Bucket=BUCKET, Key="state/draft", Body=content)
    aws.clients.store.copy("state/draft", "raw/object", {"item-count": "5"})
    assert aws.content("raw/object") == content
    head = aws.s3.head_object(Bucket=BUCKET, Key="raw/object")
    assert head["ETag"].endswith('-3"')
    assert head["Metadata"] == {"item-count": "5"}
    assert head["ContentType"] == "application/json"
    assert head["ServerSideEncryption"] == "AES256"
    assert aws.uploads() == []
