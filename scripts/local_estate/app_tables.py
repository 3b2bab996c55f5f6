"""The app's tables for demos and tests: many ordinary items, and every awkward value.

The same seed gives the same items, attribute by attribute.
"""

from __future__ import annotations

import random
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAIN = "moderation-craft-prod"
ITEMS: Mapping[str, int] = {
    MAIN: 10_000,
    "moderation-craft-projects": 200,
    "moderation-craft-sessions": 400,
    "moderation-craft-tasks": 300,
    "moderation-craft-users": 250,
}
"""How many items each table has."""

Item = dict[str, Any]
"""As boto3's client takes and gives it."""

DIGITS = "12345678901234567890123456789012345678"
"""The longest number that DynamoDB keeps: 38 digits, which no float can hold."""

AWKWARD: tuple[Item, ...] = (
    {"N": DIGITS},
    {"N": f"-0.{DIGITS}"},
    {"N": "9.9999999999999999999999999999999999999E+125"},
    {"N": "-1E-130"},
    {"N": "0"},
    {"NS": [DIGITS, "-1E-130", "0.1", "-7"]},
    {"S": ""},
    {"S": "審査工房 ①㈱髙﨑 ｶﾅ e\u0301 😀"},
    {"S": 'a\u0000b\u001f"\\/\b\f\n\r\t\u007f\u2028\u2029</script>'},
    {"SS": ["い", "ろ", "は", "", " "]},
    {"B": bytes(range(256))},
    {"B": b""},
    {"BS": [b"\x00", b"\xff\xfe", b"abc"]},
    {"NULL": True},
    {"BOOL": False},
    {"L": []},
    {"M": {}},
    {
        "L": [
            {"N": "1"},
            {"L": [{"M": {"深い": {"L": [{"NULL": True}, {"S": "底"}]}}}]},
            {"B": b"\n"},
        ]
    },
    {"M": {"点.と [角]": {"N": "1.5"}, "exported_at": {"S": "inside"}}},
)
"""Values that have broken exports."""

_KINDS = ("写真", "動画", "コメント", "プロフィール")
_STATES = ("未審査", "審査中", "承認", "却下")
_PAST = datetime(2024, 3, 29, 9, 30, tzinfo=UTC)
_AT_ONCE = (
    25  # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
)


def items(table: str, count: int, seed: int = 20231006) -> Iterator[Item]:
    """Items of a table; every third has an awkward value.

    Args:
        table: its name, which the items tell.
        count: how many.
        seed: what they are made from.
    """
    chance = random.Random(f"{table} {seed}")  # noqa: S311 - no secret
    for number in range(count):
        item = {
            "id": {"S": f"{table}#{number:06}"},
            "種類": {"S": chance.choice(_KINDS)},
            "state": {"S": chance.choice(_STATES)},
            "title": {"S": f"審査 {number} 件目: {chance.getrandbits(48):x}"},
            "score": {"N": str(chance.randint(-(10**12), 10**12)) + ".25"},
            "created_at": {"S": (_PAST + timedelta(minutes=number)).isoformat()},
        }
        if number % 3 == 0:
            item["わけあり"] = AWKWARD[number // 3 % len(AWKWARD)]
        yield item


def all_of(client: DynamoDBClient, table: str) -> Iterator[Item]:
    """The items that a table holds now."""
    for page in client.get_paginator("scan").paginate(TableName=table):
        yield from page["Items"]


def plain(item: Item) -> dict[str, Any]:
    """An item as an export of a scan has it, but for what the export adds; numbers as Decimal."""
    return {name: _plain(value) for name, value in item.items()}


def make(client: DynamoDBClient, table: str, count: int) -> bool:
    """Make a table with its items, and protect it by point-in-time recovery.

    Returns:
        False where it was there already, and stays as it is.
    """
    if table in client.list_tables()["TableNames"]:
        return False
    client.create_table(
        TableName=table,
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    fill(client, table, items(table, count))
    client.update_continuous_backups(
        TableName=table,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
    )
    return True


def _plain(value: Item) -> Any:
    ((kind, content),) = value.items()
    return _PLAIN[kind](content)


def _text(binary: bytes) -> str:
    return b64encode(binary).decode()


_PLAIN: dict[str, Callable[[Any], Any]] = {
    "S": str,
    "SS": sorted,
    "N": Decimal,
    "NS": lambda content: sorted(map(Decimal, content)),
    "B": _text,
    "BS": lambda content: sorted(map(_text, content)),
    "NULL": lambda _: None,
    "BOOL": bool,
    "L": lambda content: [_plain(each) for each in content],
    "M": plain,
}


def fill(client: DynamoDBClient, table: str, wanted: Iterator[Item]) -> None:
    """Put items into a table."""
    while batch := list(islice(wanted, _AT_ONCE)):
        client.batch_write_item(
            RequestItems={table: [{"PutRequest": {"Item": item}} for item in batch]}
        )
