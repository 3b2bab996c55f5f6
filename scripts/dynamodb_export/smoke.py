"""`smoke`: exports a table made for it, compares what came out, and removes everything again.

The deployed function exports it, and its event lets the deployed partition manager move it: so the
whole way is walked, with the permissions that the functions have.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from rich.console import Console

from batchworks.errors import JobError
from dynamodb_export import EXPORT, clients, keys
from dynamodb_export.errors import telling
from scripts.dynamodb_export import deployed
from scripts.dynamodb_export.smoke_items import ITEMS
from scripts.environments import Environment, function_name
from scripts.exits import Exit

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

TABLE = "test-moderation-craft"
_RUN_SECONDS = 900  # Lambda's longest
_PARTITION_SECONDS = 180  # a cold start, and its run
_PAUSE = 1.0


class SmokeError(JobError):
    """The way an export goes is broken somewhere."""


@dataclass(frozen=True)
class _Place:
    bucket: str
    exported: str  # key
    partitioned: str


def run(env: Environment, console: Console) -> Exit:
    """Walk the whole way.

    Args:
        env: whose functions and bucket.
        console: of the operator.

    Raises:
        JobError: the settings are wrong, or something on the way is broken.
        NotRunningError: `local`, and no local AWS is running.
    """
    settings = deployed.settings(env)
    settings.plan(TABLE)
    dynamodb, s3 = clients.dynamodb(), clients.s3(settings.account_id)
    with _table(dynamodb, console):
        place = _exported(env, settings.bucket, console)
        with _removed(s3, place, console):
            content = _partitioned(s3, place)
            console.print(f"found in its partition: s3://{place.bucket}/{place.partitioned}")
            _compare(_items(place.partitioned, content))
            console.print(f"all {len(ITEMS)} items are as they were put, of every type")
    console.print("[green]smoke test passed[/]")
    return Exit.DONE


@contextmanager
def _table(dynamodb: DynamoDBClient, console: Console) -> Iterator[None]:
    """A table with the items, while the block lasts; one that a killed test left is replaced."""
    with telling(f"look for the table {TABLE}"):
        names = [name for page in dynamodb.get_paginator("list_tables").paginate()
                 for name in page["TableNames"]]  # fmt: skip
    if TABLE in names:
        _drop(dynamodb)
    with telling(f"make the table {TABLE}"):
        dynamodb.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    try:
        with telling(f"fill the table {TABLE}"):
            dynamodb.get_waiter("table_exists").wait(TableName=TABLE)
            for item, _ in ITEMS:
                dynamodb.put_item(TableName=TABLE, Item=item)
        console.print(f"made the table {TABLE} with {len(ITEMS)} items")
        yield
    finally:
        _drop(dynamodb)
        console.print(f"deleted the table {TABLE}")


def _drop(dynamodb: DynamoDBClient) -> None:
    with telling(f"delete the table {TABLE}"):
        dynamodb.delete_table(TableName=TABLE)
        dynamodb.get_waiter("table_not_exists").wait(TableName=TABLE)


def _exported(env: Environment, bucket: str, console: Console) -> _Place:
    """Let the deployed function export the table."""
    name = function_name(EXPORT, env)
    patient = Config(read_timeout=_RUN_SECONDS + 10, retries={"total_max_attempts": 1})
    with telling(f"invoke the function {name}"):
        answer = boto3.client("lambda", config=patient).invoke(
            FunctionName=name, Payload=json.dumps({"tableName": TABLE}).encode()
        )
        said = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise SmokeError(
            f"the function {name} failed: {said.get('errorMessage')}. See its log: make logs "
            f"ENV={env} JOB={EXPORT}"
        )
    body = json.loads(said["body"])
    console.print(f"{name}: {body['message']}, {body['itemCount']} items, {body['s3Location']}")
    key = body["s3Location"].removeprefix(f"s3://{bucket}/")
    if (found := keys.exported(key)) is None:
        raise SmokeError(f"the function {name} exported to another place than s3://{bucket}")
    return _Place(bucket, key, keys.partitioned(found))


@contextmanager
def _removed(s3: S3Client, place: _Place, console: Console) -> Iterator[None]:
    """Remove the object at the end, wherever it is."""
    try:
        yield
    finally:
        for key in (place.exported, place.partitioned):
            with telling(f"delete s3://{place.bucket}/{key}"):
                s3.delete_object(Bucket=place.bucket, Key=key)
        console.print("deleted its object")


def _partitioned(s3: S3Client, place: _Place) -> bytes:
    """What the partition manager, which an event starts, has moved."""
    until = time.monotonic() + _PARTITION_SECONDS
    while _is_there(s3, place, place.exported) or not _is_there(s3, place, place.partitioned):
        if time.monotonic() > until:
            raise SmokeError(
                f"s3://{place.bucket}/{place.exported} was not moved to {place.partitioned} within "
                f"{_PARTITION_SECONDS} s: is the rule of partition-manager for "
                "TableExportCompleted enabled, and what does its log say?"
            )
        time.sleep(_PAUSE)
    with telling(f"read s3://{place.bucket}/{place.partitioned}"):
        return s3.get_object(Bucket=place.bucket, Key=place.partitioned)["Body"].read()


def _is_there(s3: S3Client, place: _Place, key: str) -> bool:
    with telling(f"list s3://{place.bucket}/{key}"):
        found = s3.list_objects_v2(Bucket=place.bucket, Prefix=key, MaxKeys=1)
    return any(each["Key"] == key for each in found.get("Contents", []))


def _items(key: str, content: bytes) -> list[dict[str, Any]]:
    text = (gzip.decompress(content) if key.endswith(".gz") else content).decode()
    if ".jsonl" in key:
        text = "[" + text.strip("\n").replace("\n", ",") + "]"
    items: list[dict[str, Any]] = json.loads(text, parse_float=Decimal, parse_int=Decimal)
    return items


def _compare(items: list[dict[str, Any]]) -> None:
    for item in items:
        if item.pop("export_version", None) != "1.0" or not item.pop("exported_at", None):
            raise SmokeError(f"the item {item.get('id')!r} doesn't tell of its export: {item}")
    found = {item.get("id"): item for item in items}
    for _, expected in ITEMS:
        if found.get(expected["id"]) != expected:
            raise SmokeError(
                f"the item {expected['id']!r} came out as {found.get(expected['id'])}, not as "
                f"{expected}"
            )
    if len(items) != len(ITEMS):
        raise SmokeError(f"{len(items)} items came out of {len(ITEMS)}")
