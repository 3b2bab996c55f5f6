"""Tables with a past, a bucket, and runs that export and follow up, and can be killed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from dynamodb_export import clients, keys
from dynamodb_export.native import following, ledger_store, starting
from dynamodb_export.native.ledger import ExportType, Ledger
from dynamodb_export.native.run import Run
from dynamodb_export.native.starting import Row
from scripts.local_aws import LocalAws
from scripts.local_aws.account import ACCOUNT

FULL, INCREMENTAL = ExportType.FULL, ExportType.INCREMENTAL
DEEP_PAST = timedelta(days=3)
_numbers = count(1)


class Killed(BaseException):
    """Nothing of this process goes on."""


@dataclass
class Plant:
    """What the jobs find.

    A run may be told that it is earlier than it is: so days go by within a test.
    """

    aws: LocalAws
    number: int = field(default_factory=lambda: next(_numbers))
    published: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    last: int | None = None  # how many calls the process lives to do
    on_call: Callable[[str], None] = lambda _name: None
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def __post_init__(self) -> None:
        self.bucket = f"data-{self.number}"
        self.s3 = self.aws.client("s3")
        self.dynamodb = self.aws.client("dynamodb")
        self.make_bucket()
        self.run = Run(
            dynamodb=clients.dynamodb(),
            s3=clients.s3(ACCOUNT),
            events=clients.events(),
            environment="local",
            bucket=self.bucket,
            account_id=ACCOUNT,
            now=self.now,
        )
        for client in (self.run.dynamodb, self.run.s3, self.run.events):
            client.meta.events.register("before-call", self._before)

    def make_bucket(self) -> None:
        self.s3.create_bucket(
            Bucket=self.bucket,
            CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"},
        )

    def table(self, name: str = "users", *, recovery: bool = True) -> str:
        """Make a table; its name."""
        name = f"{name}-{self.number}"
        self.dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        if recovery:
            self.dynamodb.update_continuous_backups(
                TableName=name,
                PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True},
            )
        return name

    def old_table(self, *ids: str) -> str:
        """A table with items that was there long ago."""
        name = self.table()
        self.put(name, *ids)
        self.aws.age_backups(DEEP_PAST.total_seconds())
        return name

    def put(self, table: str, *ids: str) -> None:
        for each in ids:
            self.dynamodb.put_item(TableName=table, Item={"id": {"S": each}})

    def export(
        self, *tables: str, how: ExportType = FULL, ago: timedelta = timedelta()
    ) -> list[Row]:
        """Run batch-export as if it were earlier."""
        wanted = [(table, how) for table in tables]
        return list(starting.export_tables(self._at(ago), wanted))

    def follow(self, ago: timedelta = timedelta()) -> Counter[str]:
        """Run export-follow-up as if it were earlier."""
        return following.follow(self._at(ago))

    def killed(self, run: Callable[[], object], call: int) -> bool:
        """Run until a call, which isn't made any more; whether there was one."""
        self.calls.clear()
        self.last = call
        try:
            run()
        except Killed:
            return True
        finally:
            self.last = None
        return False

    def ledger(self, table: str) -> Ledger:
        return ledger_store.read(self.s3, self.bucket, table)

    def exports(self, table: str) -> list[str]:
        """ARNs of what AWS was asked for."""
        arn = f"arn:aws:dynamodb:ap-northeast-1:{ACCOUNT}:table/{table}"
        return [
            each["ExportArn"]
            for each in self.dynamodb.list_exports(TableArn=arn)["ExportSummaries"]
        ]

    def described(self, row: Row) -> dict[str, Any]:
        """What AWS says of an export."""
        told: dict[str, Any] = self.dynamodb.describe_export(ExportArn=row.arn)
        description: dict[str, Any] = told["ExportDescription"]
        return description

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Details of the events of a kind."""
        return [detail for said, detail in self.published if said == kind]

    def names(self, prefix: str = keys.EXPORTS) -> list[str]:
        found = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=prefix)
        return [each["Key"] for each in found.get("Contents", [])]

    def content(self, key: str) -> bytes:
        content: bytes = self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return content

    def put_object(self, key: str, content: bytes) -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=content)

    def _at(self, ago: timedelta) -> Run:
        return Run(**{**vars(self.run), "now": self.now - ago})

    def _before(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        self.calls.append(model.name)
        if self.last is not None and len(self.calls) >= self.last:
            raise Killed
        self.on_call(model.name)
        if model.name == "PutEvents":
            for entry in json.loads(params["body"])["Entries"]:
                self.published.append((entry["DetailType"], json.loads(entry["Detail"])))
