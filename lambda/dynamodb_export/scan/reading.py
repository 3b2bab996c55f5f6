"""Reads pages of a table.

botocore's parser takes most of a scan's time and makes objects we don't need. So it is handed
an empty answer, and the body, whose checksum it has verified, is parsed here.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import boto3
import orjson
from botocore.config import Config

from dynamodb_export.errors import ServiceError, telling

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Position = Mapping[str, Mapping[str, str]]
"""A LastEvaluatedKey as it travels: binary is base64."""

_BODY = "Body"
# Growing pauses, 20 s at most: together about half a minute until a scan gives up. After it was
# throttled, the client slows all its threads down:
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
_TRIES = 8


@dataclass(frozen=True)
class Place:
    """How far a segment was read."""

    segment: int  # the first is 0
    position: Position | None = None  # None: its beginning


@dataclass(frozen=True)
class Answer:
    """A page as it came."""

    body: bytes
    request_id: str


@dataclass(frozen=True)
class Read:
    """A page's content."""

    items: list[Mapping[str, Any]]  # as they travel
    position: Position | None  # where the next page begins; None: there is none
    units: float  # of read capacity that it took


def client(segments: int) -> DynamoDBClient:
    """A client whose Scan is answered with the body, for as many threads as there are segments."""
    config = Config(
        connect_timeout=5,
        read_timeout=30,
        max_pool_connections=segments,
        retries={"mode": "adaptive", "total_max_attempts": _TRIES},
    )
    made = boto3.client("dynamodb", config=config)
    made.meta.events.register("before-parse.dynamodb.Scan", _keep_body)
    return made


def fetch(
    client: DynamoDBClient, table: str, place: Place, segments: int, page_items: int | None
) -> Answer:
    """Read a page of a segment.

    Args:
        client: one that `client` made.
        table: the table's name.
        place: where the page begins.
        segments: how many there are.
        page_items: at most; None: as many as DynamoDB gives.

    Raises:
        AwsError: the table isn't there, or can't be read.
    """
    request: dict[str, Any] = {
        "TableName": table,
        "Segment": place.segment,
        "TotalSegments": segments,
        "ReturnConsumedCapacity": "TOTAL",
    }
    if (start := place.position) is not None:
        request["ExclusiveStartKey"] = {name: _sent(value) for name, value in start.items()}
    if page_items is not None:
        request["Limit"] = page_items
    with telling(f"scan segment {place.segment} of the table {table}"):
        answer: Mapping[str, Any] = client.scan(**request)
    return Answer(answer[_BODY], answer["ResponseMetadata"].get("RequestId", "unknown"))


def read(answer: Answer, table: str) -> Read:
    """What a page holds.

    Raises:
        ServiceError: it isn't whole.
    """
    try:
        found = orjson.loads(answer.body)
        items = found["Items"]
    except (ValueError, KeyError) as error:
        raise ServiceError(
            f"Could not scan the table {table} (500): a page is not whole: {error!r} (request id "
            f"{answer.request_id}). Repeat the run",
            request_id=answer.request_id,
        ) from error
    units = found.get("ConsumedCapacity", {}).get("CapacityUnits", 0)
    return Read(items, found.get("LastEvaluatedKey"), units)


def _keep_body(
    response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object
) -> None:
    if response_dict["status_code"] == 200:  # whatever else comes is for botocore to understand
        customized_response_dict[_BODY] = response_dict["body"]
        response_dict["body"] = b"{}"


def _sent(value: Mapping[str, str]) -> dict[str, Any]:
    """A key's value as boto3 takes it."""
    return {
        kind: base64.b64decode(content) if kind == "B" else content
        for kind, content in value.items()
    }
