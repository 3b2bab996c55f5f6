"""Writes items of the table of files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from nas_sync import keys
from nas_sync.aws import telling
from nas_sync.errors import AwsUnavailable
from nas_sync.pauses import pause
from nas_sync.records import file_id

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        WriteRequestOutputTypeDef,
        WriteRequestTypeDef,
    )

_AT_ONCE = 25  # items that one request takes
_TRIES = 8  # of items that DynamoDB leaves unprocessed; the pauses between are 15 s in all
_SHORTEST, _LONGEST = 0.1, 5.0  # seconds
_ONLY_INDEX = {"extracted_text", "image_vector"}


@dataclass(frozen=True)
class Table:
    """The table."""

    client: DynamoDBClient
    name: str
    sleep: Callable[[float], None] = time.sleep


def item(document: Mapping[str, Any]) -> dict[str, AttributeValueTypeDef]:
    """The item of a file.

    Args:
        document: as OpenSearch takes it.
    """
    fields = {name: value for name, value in document.items() if name not in _ONLY_INDEX}
    if "image_width" in document:
        fields["has_features"] = "image_vector" in document
    return {name: attribute(value) for name, value in fields.items()}


def attribute(value: str | float | bool) -> AttributeValueTypeDef:
    """A value as DynamoDB takes it."""
    if isinstance(value, bool):
        return {"BOOL": value}
    if isinstance(value, str):
        return {"S": value}
    return {"N": str(value)}


def put(table: Table, documents: Iterable[Mapping[str, Any]]) -> int:
    """Write the items of files, each in place of what was there.

    Args:
        table: the table.
        documents: as OpenSearch takes them, each file once.

    Returns:
        How many there were.

    Raises:
        AwsUnavailable: DynamoDB leaves some of them unprocessed again and again.
        AccessDenied: the function's role may not write.
    """
    requests: Iterable[WriteRequestTypeDef] = (
        {"PutRequest": {"Item": item(document)}} for document in documents
    )
    remaining = iter(requests)
    count = 0
    while batch := list(islice(remaining, _AT_ONCE)):
        _write(table, batch)
        count += len(batch)
    return count


def mark_gone(table: Table, key: str, moment: str, **where: str) -> None:
    """Note that a file is gone from the NAS, unless a newer batch has found it there again.

    Args:
        table: the table.
        key: the file's.
        moment: ISO 8601, UTC: when it was missed.
        where: `archived_to` or `moved_to`; nothing where it is lost.

    Raises:
        AwsUnavailable, AccessDenied: of DynamoDB.
    """
    path = key.removeprefix(keys.DATA)
    known = {"file_path": path, "file_name": path.rsplit("/", 1)[-1]}
    fields = {**known, "deleted_at": moment, **where}
    changes = ", ".join(f"{name} = :{name}" for name in fields)
    with telling(f"mark {key} as gone in the table {table.name}"):
        try:
            table.client.update_item(
                TableName=table.name,
                Key={"file_id": {"S": file_id(key)}},
                UpdateExpression=f"SET {changes}",
                ConditionExpression="attribute_not_exists(indexed_at) OR indexed_at <= :deleted_at",
                ExpressionAttributeValues={
                    f":{name}": {"S": text} for name, text in fields.items()
                },
            )
        except table.client.exceptions.ConditionalCheckFailedException:
            return


def _write(table: Table, requests: Sequence[WriteRequestTypeDef]) -> None:
    batch: Sequence[WriteRequestTypeDef | WriteRequestOutputTypeDef] = requests
    for tries in range(_TRIES):
        if tries:
            table.sleep(pause(tries, _SHORTEST, _LONGEST))
        with telling(f"write {len(batch)} items to the table {table.name}"):
            answer = table.client.batch_write_item(RequestItems={table.name: batch})
        batch = answer.get("UnprocessedItems", {}).get(table.name, [])
        if not batch:
            return
    raise AwsUnavailable(
        f"could not write {len(batch)} items to the table {table.name}: DynamoDB left them "
        f"unprocessed {_TRIES} times. Is its capacity enough? Then run it again."
    )
