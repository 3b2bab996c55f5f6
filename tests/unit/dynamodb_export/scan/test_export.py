"""One run exports one table."""

from __future__ import annotations

import gzip
import json

import pytest

from dynamodb_export.errors import NotFoundError
from tests.unit.dynamodb_export.scan.world import BUCKET, TABLE, World

KEY = f"raw/internal/dynamodb-exports/dt=2026-07-15/{TABLE}.json"


def test_every_item_is_in_the_object_once_with_time_and_version(aws: World) -> None:
    aws.fill(100)
    aws.begin()
    result = aws.export()
    items = aws.items()
    assert sorted(item["n"] for item in items) == list(range(100))
    assert {item["export_version"] for item in items} == {"1.0"}
    assert len({item["exported_at"] for item in items}) == 1
    assert (result.outcome, result.message) == ("complete", "Export completed successfully")
    assert (result.items, result.location) == (100, f"s3://{BUCKET}/{KEY}")


def test_nothing_but_the_object_is_left(aws: World) -> None:
    aws.fill(100)
    aws.begin()
    aws.export()
    assert aws.stored() == [KEY]
    assert aws.uploads() == []


@pytest.mark.parametrize("count", [1, 100])  # in one piece, and in parts
def test_the_object_is_encrypted_checksummed_and_says_what_it_is(aws: World, count: int) -> None:
    aws.fill(count)
    aws.begin()
    aws.export()
    head = aws.s3.head_object(Bucket=BUCKET, Key=KEY, ChecksumMode="ENABLED")
    assert head["ServerSideEncryption"] == "AES256"
    assert head["ContentType"] == "application/json"
    assert head["ChecksumSHA256"]
    assert head["Metadata"] | {"exported-at": ""} == {
        "table": TABLE,
        "run-id": "r-1",
        "item-count": f"{count}",
        "exported-at": "",
        "export-version": "1.0",
    }


def test_an_array_has_one_item_a_line(aws: World) -> None:
    aws.fill(5)
    aws.begin()
    aws.export()
    first, *lines, last = aws.content().splitlines()
    assert (first, last) == (b"[", b"]")
    assert [json.loads(line.rstrip(b","))["id"] for line in lines]
    assert len(lines) == 5


def test_an_empty_table_gives_an_empty_array(aws: World) -> None:
    result = aws.export()
    assert aws.content() == b"[]"
    assert (result.outcome, result.items) == ("complete", 0)


def test_lines_have_no_brackets_and_an_empty_table_no_lines(aws: World) -> None:
    aws.variables["EXPORT_FORMAT"] = "lines"
    aws.export("r-1")
    assert aws.content(KEY + "l") == b""
    aws.fill(40)
    aws.begin("r-2")
    aws.export("r-2")
    lines = aws.content(KEY + "l").decode()
    assert lines.endswith("}\n")
    assert sorted(json.loads(line)["n"] for line in lines.splitlines()) == list(range(40))


@pytest.mark.parametrize(("name", "ending"), [("array", ".gz"), ("lines", "l.gz")])
def test_compressed_objects_hold_the_same(aws: World, name: str, ending: str) -> None:
    aws.fill(60)
    aws.variables["EXPORT_FORMAT"] = name
    aws.begin("plain")
    aws.export("plain")
    plain = aws.content(KEY + ending.removesuffix(".gz"))
    aws.variables["EXPORT_GZIP"] = "true"
    aws.begin("packed")
    aws.export("packed")
    assert gzip.decompress(aws.content(KEY + ending)) == plain


def test_the_order_is_the_same_each_time(aws: World) -> None:
    aws.fill(80)
    contents = set()
    for number in range(3):
        aws.begin(f"r-{number}")
        aws.export(f"r-{number}")
        contents.add(aws.content())
    assert len(contents) == 1


def test_completion_is_published(aws: World) -> None:
    aws.fill(3)
    aws.export()
    ((kind, detail),) = aws.published
    assert kind == "TableExportCompleted"
    assert detail | {"timestamp": ""} == {
        "tableName": TABLE,
        "runId": "r-1",
        "exportType": "SCAN",
        "environment": "local",
        "timestamp": "",
        "itemCount": 3,
        "s3Location": f"s3://{BUCKET}/{KEY}",
        "date": "2026-07-15",
    }


def test_a_table_that_is_gone_fails_as_not_found_and_leaves_nothing(aws: World) -> None:
    aws.dynamodb.delete_table(TableName=TABLE)
    with pytest.raises(NotFoundError, match=r"^Resource not found\. .*404") as failure:
        aws.export()
    assert failure.value.request_id
    assert aws.stored() == []
    assert aws.kinds() == ["TableExportFailed"]


def test_the_later_of_two_runs_of_a_table_wins_and_both_are_whole(aws: World) -> None:
    aws.fill(30)
    aws.begin("first")
    aws.export("first")
    aws.fill(40)
    aws.begin("second")
    aws.export("second")
    assert len(aws.items()) == 40
