"""The deployed dynamodb-export, as its tests see it."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from scripts import runs
from scripts.local_estate import app_tables
from scripts.local_estate.app_tables import MAIN
from tests.system.function import Answer, Function
from tests.system.system import System, eventually

BUCKET = "moderation-craft-data"
EXPORT, BATCH, FOLLOW_UP, PARTITION = JOBS = (
    "export-dynamodb",
    "batch-export",
    "export-follow-up",
    "partition-manager",
)
SOURCE = "moderation-craft.data-pipeline"
NATIVE = sorted(set(app_tables.ITEMS) - {MAIN})
SMOKE = "test-moderation-craft"
COMPLETED = f"{PARTITION}-on-completed"
EXPORTS = "raw/internal/dynamodb-exports/"
STATE = "state/dynamodb-export/"
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T[0-9:]{8}\+00:00")


@dataclass(frozen=True)
class Told:
    """An event on the bus."""

    kind: str
    detail: dict[str, Any]


class DynamoDbExport(System):
    """The deployed stack, the app's tables, and what runs leave behind."""

    def function(self, job: str) -> Function:
        return Function(self.aws, job)

    def invoke(self, job: str, event: object = None) -> Answer:
        return self.function(job).invoke(event)

    def answer(self, job: str, event: object = None) -> dict[str, Any]:
        """What a run answers that went well."""
        answer = self.invoke(job, event)
        assert not answer.failed, answer.payload
        assert answer.payload["statusCode"] == 200
        body: dict[str, Any] = json.loads(answer.payload["body"])
        return body

    def follow(self, job: str, event_id: str) -> runs.LogLine:
        """Wait for the run that an event started; the line that tells its outcome."""
        group = self.function(job).log_group
        *_, last = runs.follow(self.client("logs"), group, event_id)
        return last

    def objects(self, prefix: str = EXPORTS) -> dict[str, tuple[str, int]]:
        """Entity tag and size of every object, by key."""
        pages = self.client("s3").get_paginator("list_objects_v2")
        return {
            each["Key"]: (each["ETag"], each["Size"])
            for page in pages.paginate(Bucket=BUCKET, Prefix=prefix)
            for each in page.get("Contents", [])
        }

    def unfinished(self) -> list[str]:
        """Keys of uploads that were neither completed nor given up."""
        answer = self.client("s3").list_multipart_uploads(Bucket=BUCKET)
        return [each["Key"] for each in answer.get("Uploads", [])]

    def content(self, key: str) -> bytes:
        body: bytes = self.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return body

    def scanned(self, key: str) -> dict[str, Any]:
        """The items of a scan's object by id, without what the export added."""
        items = json.loads(self.content(key), parse_int=Decimal, parse_float=Decimal)
        found = {item["id"]: item for item in items}
        assert len(found) == len(items), "an item is there twice"
        for item in items:
            assert item.pop("export_version") == "1.0"
            assert item.pop("exported_at")
        return found

    def table(self, name: str) -> dict[str, Any]:
        """The items of a table by id, as an export should have them."""
        items = app_tables.all_of(self.client("dynamodb"), name)
        return {item["id"]["S"]: app_tables.plain(item) for item in items}

    def exported_by_aws(self, prefix: str) -> int:
        """How many items there are in the data files below a prefix."""
        return sum(
            len(gzip.decompress(self.content(key)).splitlines())
            for key in self.objects(prefix)
            if "/data/" in key
        )

    def ledger(self, table: str) -> dict[str, Any]:
        kept: dict[str, Any] = json.loads(self.content(f"{STATE}native/{table}.json"))
        return kept

    def let_pass(self, hours: float, table: str) -> None:
        """Let time pass since a table's backups began and its exports were asked for."""
        self.aws.age_backups(hours * 3600)
        key = f"{STATE}native/{table}.json"
        told = self.content(key).decode()
        earlier = _MOMENT.sub(lambda found: _earlier(found[0], hours), told)
        self.client("s3").put_object(Bucket=BUCKET, Key=key, Body=earlier.encode())

    def back_up(self, table: str) -> None:
        """Begin a table's backups anew."""
        self.end_backups(table)
        self._change_backups(table, enabled=True)

    def end_backups(self, table: str) -> None:
        self._change_backups(table, enabled=False)

    def _change_backups(self, table: str, *, enabled: bool) -> None:
        self.client("dynamodb").update_continuous_backups(
            TableName=table,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": enabled},
        )

    def counted(self, job: str, metric: str) -> float:
        """Sum of a number that the runs of a job printed for CloudWatch."""
        lines = [json.loads(line) for line in self.function(job).log() if '"_aws"' in line]
        return float(sum(sum(line.get(metric, [0])) for line in lines))

    @contextmanager
    def hearing(self) -> Iterator[list[Told]]:
        """The events that the jobs tell while the block lasts; complete once it is over."""
        events, sqs = self.client("events"), self.client("sqs")
        queue = sqs.create_queue(QueueName="listener")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
            "QueueArn"
        ]
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sqs:SendMessage",
                    "Resource": arn,
                }
            ],
        }
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
        events.put_rule(Name="listener", EventPattern=json.dumps({"source": [SOURCE]}))
        events.put_targets(Rule="listener", Targets=[{"Id": "queue", "Arn": arn}])
        heard: list[Told] = []
        try:
            yield heard
            heard += _received(sqs, queue)
        finally:
            events.remove_targets(Rule="listener", Ids=["queue"])
            events.delete_rule(Name="listener")
            sqs.delete_queue(QueueUrl=queue)

    @contextmanager
    def killed_at(self, action: str, nth: int, moment: str) -> Iterator[None]:
        """Kill the handler that makes a call, at that very moment."""
        self.aws.hold(action, nth, moment)
        yield
        eventually(self.aws.is_holding, f"the run has come to {action} {nth}")
        self.kill_handlers()
        self.aws.release()


def _earlier(moment: str, hours: float) -> str:
    return (datetime.fromisoformat(moment) - timedelta(hours=hours)).isoformat()


def _received(sqs: Any, queue: str) -> list[Told]:
    heard = []
    while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            event = json.loads(message["Body"])
            heard.append(Told(event["detail-type"], event["detail"]))
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return heard


def today() -> str:
    """The prefix of what is exported now."""
    return f"{EXPORTS}dt={datetime.now(UTC):%Y-%m-%d}/"


def partition(table: str) -> str:
    """The prefix of a table's partition of today."""
    return f"{EXPORTS}{datetime.now(UTC):year=%Y/month=%m/day=%d}/{table}/"
