"""Scans: pages of 1 MB, segments, and what they consume."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.unit.local_aws.workshop import Workshop, unique

ITEMS = 120
KILOBYTES = 20


@pytest.fixture(scope="module")
def table(workshop: Workshop) -> str:
    """A table of 2.4 MB: 40 partitions with a sort key."""
    dynamodb, name = workshop.aws.client("dynamodb"), unique("table")
    dynamodb.create_table(
        TableName=name,
        KeySchema=[
            {"AttributeName": "id", "KeyType": "HASH"},
            {"AttributeName": "day", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "day", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    for number in range(ITEMS):
        item = {"id": {"S": f"p{number // 3}"}, "day": {"N": str(number)}}
        text = {"text": {"S": "x" * KILOBYTES * 1000}, "even": {"BOOL": number % 2 == 0}}
        dynamodb.put_item(TableName=name, Item={**item, **text})
    return name


def pages(workshop: Workshop, table: str, **settings: Any) -> list[dict[str, Any]]:
    paginator = workshop.aws.client("dynamodb").get_paginator("scan")
    return list(paginator.paginate(TableName=table, **settings))


def days(found: list[dict[str, Any]]) -> list[int]:
    return [int(item["day"]["N"]) for page in found for item in page["Items"]]


def test_every_item_is_on_one_page_of_at_most_a_megabyte(workshop: Workshop, table: str) -> None:
    found = pages(workshop, table, ReturnConsumedCapacity="TOTAL")

    assert sorted(days(found)) == list(range(ITEMS))
    assert [page["Count"] for page in found] == [52, 52, 16]


def test_every_item_is_in_one_segment_with_all_of_its_partition(
    workshop: Workshop, table: str
) -> None:
    segments = [days(pages(workshop, table, Segment=n, TotalSegments=4)) for n in range(4)]

    assert sorted(day for segment in segments for day in segment) == list(range(ITEMS))
    assert all(segments)
    partitions = [{day // 3 for day in segment} for segment in segments]
    assert sum(map(len, partitions)) == ITEMS // 3


def test_more_segments_than_partitions_are_fine(workshop: Workshop, table: str) -> None:
    found = [pages(workshop, table, Segment=n, TotalSegments=300) for n in range(300)]

    assert sorted(day for each in found for day in days(each)) == list(range(ITEMS))


@pytest.mark.parametrize(("consistent", "unit"), [(False, 0.5), (True, 1.0)])
def test_a_scan_consumes_by_size(
    workshop: Workshop, table: str, consistent: bool, unit: float
) -> None:
    found = pages(workshop, table, ReturnConsumedCapacity="TOTAL", ConsistentRead=consistent)

    units = sum(page["ConsumedCapacity"]["CapacityUnits"] for page in found)
    least = ITEMS * KILOBYTES * 1000 / 4096 * unit
    assert least < units < least + 10


def test_a_filter_saves_no_capacity(workshop: Workshop, table: str) -> None:
    [first, *_] = pages(
        workshop,
        table,
        FilterExpression="even = :yes",
        ExpressionAttributeValues={":yes": {"BOOL": True}},
        ReturnConsumedCapacity="TOTAL",
    )

    assert first["ScannedCount"] == 52
    assert 0 < first["Count"] < 52
    assert first["ConsumedCapacity"]["CapacityUnits"] > 120


def test_a_limit_counts_what_was_looked_at(workshop: Workshop, table: str) -> None:
    dynamodb = workshop.aws.client("dynamodb")

    everything = dynamodb.scan(TableName=table, Limit=40)
    assert (everything["Count"], len(everything["LastEvaluatedKey"])) == (40, 2)
    rest = dynamodb.scan(
        TableName=table, Limit=40, ExclusiveStartKey=everything["LastEvaluatedKey"]
    )
    assert not set(days([everything])) & set(days([rest]))


def test_a_scan_goes_on_after_an_item_that_was_deleted(workshop: Workshop, table: str) -> None:
    dynamodb = workshop.aws.client("dynamodb")
    first = dynamodb.scan(TableName=table, Limit=10)
    last = first["LastEvaluatedKey"]
    item = dynamodb.get_item(TableName=table, Key=last)["Item"]
    dynamodb.delete_item(TableName=table, Key=last)

    rest = pages(workshop, table, ExclusiveStartKey=last)

    dynamodb.put_item(TableName=table, Item=item)
    assert sorted(days([first]) + days(rest)) == list(range(ITEMS))


def test_a_new_item_is_found_by_the_next_scan(workshop: Workshop, table: str) -> None:
    dynamodb = workshop.aws.client("dynamodb")
    key = {"id": {"S": "new"}, "day": {"N": "999"}}

    dynamodb.put_item(TableName=table, Item=key)
    found = days(pages(workshop, table))
    dynamodb.delete_item(TableName=table, Key=key)

    assert 999 in found
    assert 999 not in days(pages(workshop, table))


def test_a_start_outside_of_its_segment_is_refused(workshop: Workshop, table: str) -> None:
    dynamodb = workshop.aws.client("dynamodb")
    last = dynamodb.scan(TableName=table, Segment=0, TotalSegments=4, Limit=1)["LastEvaluatedKey"]

    with pytest.raises(ClientError, match="must lie within the segment"):
        dynamodb.scan(TableName=table, Segment=3, TotalSegments=4, ExclusiveStartKey=last)


def test_values_come_back_as_they_were_put(workshop: Workshop) -> None:
    dynamodb, name = workshop.aws.client("dynamodb"), unique("table")
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "B"}],
        BillingMode="PAY_PER_REQUEST",
    )
    item = {
        "id": {"B": b"\x00\xff"},
        "n": {"N": "12345678901234567890.123456789"},
        "bs": {"BS": [b"1", b"\xfe"]},
        "m": {"M": {"l": {"L": [{"NULL": True}, {"BOOL": False}, {"B": b""}, {"S": "日本"}]}}},
    }
    dynamodb.put_item(TableName=name, Item=item)

    page = dynamodb.scan(TableName=name, Limit=1)

    assert page["Items"] == [item]
    assert page["LastEvaluatedKey"] == {"id": item["id"]}
    assert dynamodb.scan(TableName=name, ProjectionExpression="n")["Items"] == [{"n": item["n"]}]
    after = dynamodb.scan(TableName=name, ExclusiveStartKey=page["LastEvaluatedKey"])
    assert after["Items"] == []


def test_an_item_has_its_limit(workshop: Workshop, table: str) -> None:
    key = {"id": {"S": "large"}, "day": {"N": "1"}}
    with pytest.raises(ClientError, match="Item size has exceeded"):
        workshop.aws.client("dynamodb").put_item(
            TableName=table, Item={**key, "a": {"S": "x" * 300_000}, "b": {"S": "x" * 150_000}}
        )
