"""BatchGetItem gives items as they were written, whole or in parts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.local_aws.workshop import Workshop, unique

ITEM: dict[str, Any] = {
    "id": {"S": "é/1"},
    "number": {"N": "1.50"},
    "yes": {"BOOL": True},
    "nothing": {"NULL": True},
    "bytes": {"B": b"\x00\xff"},
    "all_bytes": {"BS": [b"\x00", b"\xff"]},
    "numbers": {"NS": ["1", "2"]},
    "listed": {"L": [{"S": "a"}, {"N": "2"}]},
    "nested": {"M": {"inside": {"S": "x"}, "other": {"S": "y"}}},
}


@pytest.fixture(scope="module")
def table(workshop: Workshop) -> str:
    """A table with one item of all types."""
    dynamodb, name = workshop.aws.client("dynamodb"), unique("table")
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    dynamodb.put_item(TableName=name, Item=ITEM)
    return name


def get(workshop: Workshop, table: str, *ids: str, **asked: Any) -> list[dict[str, Any]]:
    """The items that are there; none may be left unprocessed."""
    keys = [{"id": {"S": each}} for each in ids]
    answer = workshop.aws.client("dynamodb").batch_get_item(
        RequestItems={table: {"Keys": keys, **asked}}
    )
    assert answer["UnprocessedKeys"] == {}
    items: list[dict[str, Any]] = answer["Responses"][table]
    return items


def test_an_item_comes_back_as_it_was_written(workshop: Workshop, table: str) -> None:
    assert get(workshop, table, "é/1", "missing") == [ITEM]


def test_only_attributes_that_are_asked_for_and_there_come_back(
    workshop: Workshop, table: str
) -> None:
    names = {f"#{number}": name for number, name in enumerate([*ITEM, "absent"])}
    asked = {"ProjectionExpression": ",".join(names), "ExpressionAttributeNames": names}

    assert get(workshop, table, "é/1", **asked) == [ITEM]
    number = {"ProjectionExpression": "#n, absent", "ExpressionAttributeNames": {"#n": "number"}}
    assert get(workshop, table, "é/1", **number) == [{"number": ITEM["number"]}]


def test_parts_of_attributes_come_back(workshop: Workshop, table: str) -> None:
    found = get(workshop, table, "é/1", ProjectionExpression="nested.inside, listed[1]")

    assert found == [{"nested": {"M": {"inside": {"S": "x"}}}, "listed": {"L": [{"N": "2"}]}}]
