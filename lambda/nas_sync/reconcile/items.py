"""What DynamoDB holds, read by key."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from nas_sync.aws import telling
from nas_sync.errors import AwsUnavailable
from nas_sync.records import file_id

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

AT_ONCE = 100  # keys that one request takes
_FIELDS = (
    *("file_id", "content_status", "reason", "file_size", "sync_batch_id"),
    *("deleted_at", "archived_to"),
)
_NAMES = {f"#{number}": name for number, name in enumerate(_FIELDS)}  # some words are reserved

_again = retry(
    retry=retry_if_exception_type(AwsUnavailable),
    stop=stop_after_attempt(8),
    wait=wait_random_exponential(multiplier=0.1, max=5),
    reraise=True,
)

Item = Mapping[str, str]  # numbers as DynamoDB writes them


def items(client: DynamoDBClient, table: str, keys: Collection[str]) -> dict[str, Item]:
    """The items of files; those that aren't there are missing.

    Args:
        client: of DynamoDB.
        table: its name.
        keys: of at most 100 files.

    Returns:
        By key of the file.

    Raises:
        AwsUnavailable: DynamoDB left some of them unprocessed again and again.
        AccessDenied: the function's role may not read.
    """
    names = {file_id(key): key for key in keys}
    found: dict[str, Item] = {}
    _read(client, table, list(names), found)
    return {names[id_]: item for id_, item in found.items()}


@_again
def _read(client: DynamoDBClient, table: str, ids: list[str], found: dict[str, Item]) -> None:
    """Add the items that aren't found yet; called again while some are left."""
    asked, left = _ask(client, table, [id_ for id_ in ids if id_ not in found])
    found |= asked
    if left:
        raise AwsUnavailable(
            f"could not read {left} items of the table {table}: DynamoDB left them unprocessed. Is "
            "its capacity enough? Then run it again"
        )


def _ask(client: DynamoDBClient, table: str, ids: list[str]) -> tuple[dict[str, Item], int]:
    """One request: items by id, and how many keys were left unprocessed."""
    with telling(f"read {len(ids)} items of the table {table}"):
        answer = client.batch_get_item(
            RequestItems={
                table: {
                    "Keys": [{"file_id": {"S": id_}} for id_ in ids],
                    "ConsistentRead": True,
                    "ProjectionExpression": ", ".join(_NAMES),
                    "ExpressionAttributeNames": _NAMES,
                }
            }
        )
    rows = [
        {name: str(next(iter(value.values()))) for name, value in item.items()}
        for item in answer["Responses"].get(table, ())
    ]
    left = answer.get("UnprocessedKeys", {}).get(table)
    return {row["file_id"]: row for row in rows}, len(left["Keys"]) if left else 0
