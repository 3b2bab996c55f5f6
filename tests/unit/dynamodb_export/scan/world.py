"""A table, a bucket and a bus in which the tests of scans work."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from dynamodb_export import clients as aws
from dynamodb_export import keys, settings
from dynamodb_export.controls import Controls
from dynamodb_export.scan import export, reading, state
from dynamodb_export.scan.export import Clients, Request, Result
from dynamodb_export.scan.reading import Place
from dynamodb_export.scan.state import State
from dynamodb_export.scan.store import Store

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

ACCOUNT = "123456789012"
TABLE = "moderation-craft-prod"
BUCKET = "moderation-craft-data"
DAY = date(2026, 7, 15)
SEGMENTS = 3
PART_BYTES = 600  # instead of 8 MiB; the local S3 takes parts as small as that in these tests


class Killed(BaseException):
    """The process ends here, without any chance to tidy up."""


@dataclass
class World:
    """AWS as a run finds it."""

    dynamodb: DynamoDBClient
    s3: S3Client
    clients: Clients
    published: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # kind and detail
    variables: dict[str, str] = field(default_factory=dict)

    def settings(self) -> settings.Settings:
        """As the function's environment would give them."""
        return settings.load(
            {
                "ENVIRONMENT": "local",
                "BUCKET_NAME": BUCKET,
                "AWS_ACCOUNT_ID": ACCOUNT,
                "EXPORT_SEGMENTS": f"{SEGMENTS}",
                **self.variables,
            }
        )

    def put(self, items: Iterable[Mapping[str, Any]]) -> None:
        """Fill the table; items as boto3's client takes them."""
        puts: list[Any] = [{"PutRequest": {"Item": item}} for item in items]
        for begin in range(0, len(puts), 25):
            self.dynamodb.batch_write_item(RequestItems={TABLE: puts[begin : begin + 25]})

    def fill(self, count: int) -> None:
        """Put items 0 to count - 1."""
        self.put({"id": {"S": f"i-{n}"}, "n": {"N": f"{n}"}} for n in range(count))

    def request(self, run: str = "r-1", *, only_continue: bool = False) -> Request:
        """For the table."""
        return Request(self.settings().plan(TABLE), run, DAY, only_continue)

    def begin(self, run: str = "r-1", page_items: int = 2, draft: str = "d") -> None:
        """Leave a run as if it had ended before its first page, with pages that are small."""
        given = self.settings()
        begun = State(
            table=TABLE,
            run=run,
            day=DAY,
            exported_at="2026-07-15T00:00:00.000Z",
            format=given.format,
            gzip=given.gzip,
            segments=given.segments,
            page_items=page_items,
            waiting=tuple(Place(segment) for segment in range(given.segments)),
            draft=keys.scan_draft(TABLE, run, draft),
        )
        state.save(self.clients.store, begun)

    def export(
        self,
        run: str = "r-1",
        controls: Controls | None = None,
        *,
        only_continue: bool = False,
    ) -> Result:
        """Run once."""
        asked = self.request(run, only_continue=only_continue)
        return export.run(
            self.settings(), self.clients, asked, controls or Controls(), part_bytes=PART_BYTES
        )

    def content(self, key: str | None = None) -> bytes:
        """What the object holds."""
        key = key or keys.scan_object(TABLE, DAY, settings.Format.ARRAY, gzip=False)
        return self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()

    def items(self) -> list[dict[str, Any]]:
        """What the object says, by id; numbers as Decimal."""
        found = json.loads(self.content(), parse_float=Decimal, parse_int=Decimal)
        return sorted(found, key=lambda item: str(item["id"]))

    def stored(self, prefix: str = "") -> list[str]:
        """What lies in the bucket."""
        listed = self.s3.list_objects_v2(Bucket=BUCKET, Prefix=prefix)
        return [found["Key"] for found in listed.get("Contents", [])]

    def uploads(self) -> list[str]:
        """Uploads that nobody ended."""
        return [
            found["UploadId"]
            for found in self.s3.list_multipart_uploads(Bucket=BUCKET).get("Uploads", [])
        ]

    def kinds(self) -> list[str]:
        """What was published, in order."""
        return [kind for kind, _ in self.published]


@cache
def _clients() -> tuple[DynamoDBClient, S3Client, Clients]:
    """Made once: that takes longer than most tests."""
    store = Store(aws.s3(ACCOUNT), BUCKET)
    of_runs = Clients(reading.client(SEGMENTS), store, boto3.client("events"))
    return boto3.client("dynamodb"), boto3.client("s3"), of_runs


def make() -> World:
    """Make a table, a bucket and clients, in a mocked AWS."""
    dynamodb, s3, clients = _clients()
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    s3.create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"}
    )
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    world = World(dynamodb, s3, clients)
    _hook(clients.events, "provide-client-params.events.PutEvents", _noting(world), "note")
    kill_at(world, 0)
    return world


def _hook(client: Any, moment: str, handler: Callable[..., Any], name: str) -> None:
    """Hook a handler in, in place of that of the same name."""
    client.meta.events.unregister(moment, unique_id=name)
    client.meta.events.register(moment, handler, unique_id=name)


def _noting(world: World) -> Callable[..., None]:
    def note(params: dict[str, Any], **_: object) -> None:
        for entry in params["Entries"]:
            world.published.append((entry["DetailType"], json.loads(entry["Detail"])))

    return note


def ending_after(pages: int) -> Controls:
    """The time limit nears when a number of pages are written, at latest by the next look."""
    seen = [0]

    def watch(_: int) -> None:
        seen[0] += 1

    return Controls(time_left=lambda: 900.0 if seen[0] < pages else 10.0, watch=watch)


@contextmanager
def refusing(client: Any, call: str, code: str, status: int) -> Iterator[None]:
    """A client whose next call of this name AWS refuses, past all repetitions."""
    metadata = {"RequestId": "R-1", "HTTPStatusCode": status}
    answer = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": metadata}
    service = client.meta.service_model.service_id.hyphenize()

    answers = [(AWSResponse("", status, HTTPHeaders(), None), answer)]

    def refuse(**_: object) -> tuple[AWSResponse, dict[str, Any]] | None:
        return answers.pop() if answers else None

    client.meta.events.register(f"before-call.{service}.{call}", refuse, unique_id="refuse")
    yield
    client.meta.events.unregister(f"before-call.{service}.{call}", unique_id="refuse")
    assert not answers, f"{call} was not called"


def kill_at(world: World, number: int, *, done: bool = False) -> None:
    """End the process at its call of S3 with this number, the first is 1; 0: never.

    Args:
        world: whose calls count.
        number: which call.
        done: whether S3 has done it by then.
    """
    left = [number]

    def count(**_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Killed

    for moment, counts in (("before-call.s3", not done), ("after-call.s3", done)):
        handler = count if counts else _nothing
        _hook(world.clients.store.client, moment, handler, "kill")


def _nothing(**_: object) -> None:
    pass
