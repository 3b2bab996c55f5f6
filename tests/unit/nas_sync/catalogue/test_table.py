"""Items are written all, whatever DynamoDB leaves unprocessed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from nas_sync.catalogue import table
from nas_sync.catalogue.table import Table
from nas_sync.errors import AccessDenied, AwsUnavailable
from nas_sync.records import file_id
from tests.unit.nas_sync.estate import TABLE, Estate

Write = Callable[..., Any]


def documents(count: int) -> list[dict[str, Any]]:
    return [{"file_id": f"{number}", "file_size": number} for number in range(count)]


def there(estate: Estate) -> int:
    return int(estate.dynamodb.scan(TableName=TABLE, Select="COUNT")["Count"])


def test_any_number_of_items_is_written(estate: Estate) -> None:
    assert table.put(estate.table, iter(documents(61))) == 61
    assert there(estate) == 61
    assert estate.sleeps == []


def test_what_is_left_unprocessed_is_written_later(
    estate: Estate, monkeypatch: pytest.MonkeyPatch
) -> None:
    write: Write = estate.dynamodb.batch_write_item

    def some(RequestItems: dict[str, list[Any]]) -> dict[str, Any]:  # noqa: N803 - boto3's name
        rows = RequestItems[TABLE]
        done = rows[: max(1, len(rows) // 2)]
        write(RequestItems={TABLE: done})
        return {"UnprocessedItems": {TABLE: rows[len(done) :]} if rows[len(done) :] else {}}

    monkeypatch.setattr(estate.dynamodb, "batch_write_item", some)

    assert table.put(estate.table, documents(30)) == 30
    assert there(estate) == 30
    assert estate.sleeps


def test_what_is_never_processed_is_told(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(RequestItems: dict[str, list[Any]]) -> dict[str, Any]:  # noqa: N803
        return {"UnprocessedItems": RequestItems}

    monkeypatch.setattr(estate.dynamodb, "batch_write_item", none)

    with pytest.raises(AwsUnavailable, match="3 items to the table file_metadata"):
        table.put(estate.table, documents(3))
    assert sum(estate.sleeps) < 20


def test_a_refusal_is_told_at_once(estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": "AccessDeniedException"}}, "BatchWriteItem")

    monkeypatch.setattr(estate.dynamodb, "batch_write_item", refuse)

    with pytest.raises(AccessDenied, match=TABLE):
        table.put(estate.table, documents(3))
    assert estate.sleeps == []


def test_an_item_has_everything_but_text_and_vector() -> None:
    image = {"file_id": "1", "image_width": 2, "image_vector": [0.5], "truncated": False}
    assert table.item(image) == {
        "file_id": {"S": "1"},
        "image_width": {"N": "2"},
        "truncated": {"BOOL": False},
        "has_features": {"BOOL": True},
    }
    assert table.item({"file_id": "1", "extracted_text": "x"}) == {"file_id": {"S": "1"}}


def test_a_file_is_marked_once_and_not_when_it_came_back(estate: Estate) -> None:
    key = "monthly-sync/a/b.txt"
    moment = "2025-12-01T00:00:00Z"
    before = {"file_id": file_id(key), "indexed_at": "2025-11-01T00:00:00Z", "file_size": 3}
    table.put(estate.table, [before])
    for _ in range(2):
        table.mark_gone(estate.table, key, moment, archived_to="s3://x/y")
    assert estate.item(key) == {
        **before,
        "file_size": "3",
        "file_path": "a/b.txt",
        "file_name": "b.txt",
        "deleted_at": moment,
        "archived_to": "s3://x/y",
    }

    back = {**before, "indexed_at": "2025-12-02T00:00:00Z"}
    table.put(Table(estate.dynamodb, TABLE), [back])
    table.mark_gone(estate.table, key, moment, archived_to="s3://x/y")
    assert estate.item(key) == {**back, "file_size": "3"}
