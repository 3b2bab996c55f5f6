"""What a system test does to a deployed function, and what it can see of it."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from scripts.local_aws import LocalAws


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
class Function:
    """A deployed function, by its name."""

    aws: LocalAws
    name: str

    @property
    def log_group(self) -> str:
        return f"/aws/lambda/{self.name}"

    def invoke(self, event: object = None) -> Answer:
        """Call the function and wait for its answer."""
        answer = self._lambda().invoke(
            FunctionName=f"{self.name}:live",
            LogType="Tail",
            Payload=json.dumps({} if event is None else event),
        )
        return Answer(
            json.loads(answer["Payload"].read()),
            "FunctionError" in answer,
            # the last 4 KB, which may begin within a character
            base64.b64decode(answer["LogResult"]).decode(errors="replace"),
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
            FunctionName=f"{self.name}:live", InvocationType="Event", Payload=json.dumps(event)
        )

    def log(self) -> list[str]:
        """All lines of the function's log so far, metrics included."""
        logs = self.aws.client("logs").get_paginator("filter_log_events")
        pages = logs.paginate(logGroupName=self.log_group)
        return [event["message"] for page in pages for event in page["events"]]

    def dead_letters(self) -> list[dict[str, Any]]:
        """The messages in the dead-letter queue, which stay there."""
        found: list[dict[str, Any]] = (
            self.aws.client("sqs")
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
        queue = self.aws.client("sqs").get_queue_url(QueueName=f"{self.name}-dlq")
        return str(queue["QueueUrl"])
