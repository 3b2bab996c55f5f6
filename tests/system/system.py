"""What a system test does to a deployed stack, and what it can see of it."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import psutil
from botocore.config import Config

from scripts import runs
from scripts.local_aws.client import LocalAws
from scripts.local_estate.estate import Estate
from scripts.local_estate.seed import CSV_BUCKET
from scripts.terraform import Stack
from scripts.youtube_stand_in import YouTube

FUNCTION = "sync-batch-local"
GROUP = f"/aws/lambda/{FUNCTION}"
DEAD_LETTERS = f"{FUNCTION}-dlq"
WAIT_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What a caller of the function gets: its result, or the error it raised."""

    payload: Any
    failed: bool
    log: str

    @property
    def message(self) -> str:
        return str(self.payload["errorMessage"] if self.failed else self.payload["message"])


@dataclass(frozen=True)
class System:
    """The deployed stack and the estate around it."""

    estate: Estate
    stack: Stack

    @property
    def aws(self) -> LocalAws:
        return self.estate.aws

    @property
    def youtube(self) -> YouTube:
        return self.estate.youtube

    def client(self, service: str) -> Any:
        return self.aws.client(service)

    def invoke(self, event: object = None) -> Answer:
        """Call the function and wait for its answer."""
        answer = self._lambda().invoke(
            FunctionName=f"{FUNCTION}:live",
            LogType="Tail",
            Payload=json.dumps({} if event is None else event),
        )
        return Answer(
            json.loads(answer["Payload"].read()),
            "FunctionError" in answer,
            base64.b64decode(answer["LogResult"]).decode(),
        )

    def _lambda(self) -> Any:
        # a run that is killed must not be started again by this client
        patient = Config(read_timeout=300, retries={"max_attempts": 0})
        return boto3.client(
            "lambda",
            endpoint_url=self.aws.endpoint,
            region_name="ap-northeast-1",
            aws_access_key_id="operator",
            aws_secret_access_key="operator",
            config=patient,
        )

    def send(self, event: object) -> None:
        """Hand an event to the function as EventBridge does: nobody waits for the answer."""
        self._lambda().invoke(
            FunctionName=f"{FUNCTION}:live", InvocationType="Event", Payload=json.dumps(event)
        )

    def put_event(self, detail: object, **changes: str) -> str:
        """Put an event on the bus, as `aws events put-events` does; its id is returned."""
        entry = {
            "Source": "batch-scheduler",
            "DetailType": "manual-trigger",
            "Detail": json.dumps(detail),
            **changes,
        }
        answer = self.client("events").put_events(Entries=[entry])
        assert answer["FailedEntryCount"] == 0, answer
        return str(answer["Entries"][0]["EventId"])

    def follow(self, event_id: str) -> runs.LogLine:
        """Wait for the run that an event started; the line that tells its outcome."""
        *_, last = runs.follow(self.client("logs"), GROUP, event_id)
        return last

    def log(self) -> list[str]:
        """All lines of the function's log so far, metrics included."""
        pages = self.client("logs").get_paginator("filter_log_events").paginate(logGroupName=GROUP)
        return [event["message"] for page in pages for event in page["events"]]

    def rows(self, query: str, *arguments: object) -> list[tuple[Any, ...]]:
        """What the database answers; a statement without an answer gives no rows."""
        with self.estate.database.connect() as connection, connection.cursor() as cursor:
            cursor.execute(query, arguments)
            found = cursor.fetchall() if cursor.description else []
        connection.close()
        return found

    def value(self, query: str) -> Any:
        return self.rows(query)[0][0]

    def csv_objects(self) -> dict[str, bytes]:
        """The CSV files in the bucket, by key."""
        s3 = self.client("s3")
        listed = s3.list_objects_v2(Bucket=CSV_BUCKET, Prefix="raw/").get("Contents", [])
        return {
            item["Key"]: s3.get_object(Bucket=CSV_BUCKET, Key=item["Key"])["Body"].read()
            for item in listed
        }

    def dead_letters(self) -> list[dict[str, Any]]:
        """The messages in the dead-letter queue, which stay there."""
        found: list[dict[str, Any]] = (
            self.client("sqs")
            .receive_message(
                QueueUrl=self.dead_letter_url(),
                MaxNumberOfMessages=10,
                VisibilityTimeout=0,
                MessageAttributeNames=["All"],
            )
            .get("Messages", [])
        )
        return found

    def dead_letter_url(self) -> str:
        return str(self.client("sqs").get_queue_url(QueueName=DEAD_LETTERS)["QueueUrl"])

    def handlers(self) -> list[psutil.Process]:
        """The processes in which the function's code runs."""
        children = psutil.Process(self.aws.pid).children(recursive=True)
        return [child for child in children if "awslambdaric" in command_line(child)]

    def kill_handlers(self) -> None:
        """`kill -9` every process that runs the function."""
        for process in self.handlers():
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def metric(self, namespace: str, name: str, **dimensions: str) -> float:
        """Sum of a CloudWatch metric over the last hour."""
        now = datetime.now(UTC)
        points = self.client("cloudwatch").get_metric_statistics(
            Namespace=namespace,
            MetricName=name,
            Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(minutes=1),
            Period=3600,
            Statistics=["Sum"],
        )["Datapoints"]
        return float(sum(point["Sum"] for point in points))

    @contextmanager
    def locked(self, table: str) -> Iterator[None]:
        """Hold a table, so that a run that comes to write it has to wait."""
        with closing(self.estate.database.connect()) as connection:
            connection.cursor().execute(f"LOCK TABLE {table} IN SHARE MODE")
            yield

    def somebody_waits(self) -> bool:
        """Whether a session of the job waits for a lock on a table."""
        return bool(
            self.value(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE application_name = 'sync-batch' AND wait_event_type = 'Lock'"
            )
        )


def command_line(process: psutil.Process) -> str:
    """How a process was started; nothing when it has ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


def eventually(condition: Callable[[], object], what: str) -> None:
    """Wait until something is true, at most a minute."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited {WAIT_SECONDS} s in vain: {what}"
        time.sleep(0.1)
