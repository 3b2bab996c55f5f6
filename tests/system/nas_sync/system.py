"""The deployed nas-sync, as its tests see it."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil
import requests

from scripts.local_aws.nas import folder_on_nas
from tests.system.function import Function
from tests.system.role import Role
from tests.system.system import System, eventually

STATE_MACHINE = "CIS-Monthly-Batch-Sync"
TABLE = "file_metadata"
DATA = "monthly-sync/"
PREVIOUS = "manifests/previous.json"
SUCCEEDED = "✅ CIS Monthly Batch Sync Completed Successfully"
FAILED = "❌ CIS Monthly Batch Sync Failed"
VPN_CHECKS = 5  # after which the state machine gives a VPN up
RUN_SECONDS = 240  # on a machine that has much else to do
FUNCTIONS = (
    *("BatchReconciler", "BatchReporter", "BatchWatcher", "BulkIndexer", "DeletedFileArchiver"),
    *("FileScanner", "ImageFeatureExtractor", "SlackNotifier", "TextExtractor", "VPNManager"),
)
_OF_CHILDREN = ("TextExtractor", "ImageFeatureExtractor", "BulkIndexer")  # that Maps call

Event = dict[str, Any]
Document = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """An execution that has ended, and what people were told meanwhile.

    Attributes:
        arn: Of the execution.
        status: SUCCEEDED, FAILED, ….
        error: Of one that failed.
        cause: Of one that failed.
        history: Its events, oldest first.
        told: Subject and text of each message that went out.
    """

    arn: str
    status: str
    error: str
    cause: str
    history: list[Event]
    told: list[tuple[str, str]]

    @property
    def states(self) -> list[str]:
        """The names of the states it came to, in order."""
        entered = (event.get("stateEnteredEventDetails") for event in self.history)
        return [str(each["name"]) for each in entered if each]

    def output(self, state: str) -> Any:
        """What a state gave when it was left last."""
        left = [
            each["stateExitedEventDetails"]
            for each in self.history
            if each.get("stateExitedEventDetails", {}).get("name") == state
        ]
        return json.loads(left[-1]["output"])

    @property
    def outcomes(self) -> list[str]:
        """Subjects of the messages that tell how it ended."""
        return [subject for subject, _ in self.told if subject in (SUCCEEDED, FAILED)]

    @property
    def message(self) -> str:
        """The one text that tells how it ended."""
        [text] = [text for subject, text in self.told if subject in (SUCCEEDED, FAILED)]
        return text

    @property
    def transfer(self) -> str:
        """ARN of the transfer whose files were scanned."""
        return str(self.output("ScanTransferredFiles")["transfer"]["arn"])

    @property
    def batch(self) -> str:
        return self.transfer.rsplit("/", 1)[-1]

    @property
    def largest_payload(self) -> int:
        """Bytes of the largest input or output of any state or task."""
        return max(len(text.encode()) for event in self.history for text in _payloads(event))


def _payloads(event: Event) -> Iterator[str]:
    for details in event.values():
        if isinstance(details, dict):
            yield from (
                details[name] for name in ("input", "output", "parameters") if name in details
            )


class NasSync(System):
    """The deployed stack, the NAS, and what runs leave behind."""

    @property
    def raw(self) -> str:
        return str(self.outputs["buckets"]["raw"])

    @property
    def archive(self) -> str:
        return str(self.outputs["buckets"]["archive"])

    @cached_property
    def settings(self) -> dict[str, Any]:
        """What the estate told Terraform."""
        told: dict[str, Any] = json.loads(self.estate.terraform_settings("nas-sync").read_text())
        return told

    @property
    def nas(self) -> Path:
        """The folder that DataSync finds on the NAS."""
        told = self.settings["nas"]
        return folder_on_nas(self.estate.home, told["server_hostname"], told["subdirectory"])

    def function(self, name: str) -> Function:
        return Function(self.aws, name)

    def role(self, name: str) -> Role:
        return Role(self.aws, name)

    # Executions.

    def start(self, **request: object) -> str:
        """Start an execution as an operator does; its ARN."""
        asked = {"batch_type": "manual", **request}
        answer = self.client("stepfunctions").start_execution(
            stateMachineArn=self.outputs["state_machine"]["arn"],
            name=f"manual-execution-{time.time_ns()}",
            input=json.dumps(asked),
        )
        return str(answer["executionArn"])

    def run(self, **request: object) -> Run:
        """Start an execution and wait for its end."""
        self.forget_messages()
        return self.wait(self.start(**request))

    def wait(self, arn: str) -> Run:
        """Wait for the end of an execution."""
        deadline = time.monotonic() + RUN_SECONDS
        while (found := self._describe(arn))["status"] == "RUNNING":
            assert time.monotonic() < deadline, f"still runs: {self.states_of(arn)}"
            time.sleep(0.2)
        return Run(
            arn,
            found["status"],
            found.get("error", ""),
            found.get("cause", ""),
            self._history(arn),
            self.messages(),
        )

    def running(self) -> list[str]:
        """ARNs of executions that run."""
        found = self.client("stepfunctions").list_executions(
            stateMachineArn=self.outputs["state_machine"]["arn"], statusFilter="RUNNING"
        )
        return [str(each["executionArn"]) for each in found["executions"]]

    def states_of(self, arn: str) -> list[str]:
        """The states that an execution came to so far."""
        return Run(arn, "", "", "", self._history(arn), []).states

    def _describe(self, arn: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client("stepfunctions").describe_execution(executionArn=arn)
        return found

    def _history(self, arn: str) -> list[Event]:
        pages = self.client("stepfunctions").get_paginator("get_execution_history")
        return [event for page in pages.paginate(executionArn=arn) for event in page["events"]]

    # What people are told.

    @cached_property
    def _listener(self) -> str:
        """A queue that hears all that the topic is told."""
        sqs, sns = self.client("sqs"), self.client("sns")
        url = sqs.create_queue(QueueName="people")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        sns.subscribe(
            TopicArn=self.outputs["alerts_topic_arn"],
            Protocol="sqs",
            Endpoint=arn["Attributes"]["QueueArn"],
        )
        return str(url)

    def messages(self) -> list[tuple[str, str]]:
        """Subject and text of what the topic was told since this was asked last."""
        sqs, heard = self.client("sqs"), []
        while found := sqs.receive_message(QueueUrl=self._listener, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            for each in found:
                body = json.loads(each["Body"])
                heard.append((str(body.get("Subject", "")), str(body["Message"])))
                sqs.delete_message(QueueUrl=self._listener, ReceiptHandle=each["ReceiptHandle"])
        return heard

    def letters(self) -> list[dict[str, Any]]:
        """What was given up: taken from the dead letters."""
        sqs, url = self.client("sqs"), self.outputs["dead_letter_queue"]["url"]
        found: list[dict[str, Any]] = sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0
        ).get("Messages", [])
        for each in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        return found

    def forget_messages(self) -> None:
        self.messages()

    def end_listening(self) -> None:
        """Take the queue away again, if it is there; the subscription goes with its topic."""
        sqs = self.client("sqs")
        with suppress(sqs.exceptions.QueueDoesNotExist):
            sqs.delete_queue(QueueUrl=self._listener)

    # What is where.

    def objects(self, prefix: str, bucket: str | None = None) -> dict[str, Any]:
        """What S3 lists below a prefix, by key."""
        pages = self.client("s3").get_paginator("list_objects_v2")
        return {
            each["Key"]: each
            for page in pages.paginate(Bucket=bucket or self.raw, Prefix=prefix)
            for each in page.get("Contents", [])
        }

    def versions(self, prefix: str) -> list[str]:
        """Keys below a prefix, each as often as it was written."""
        pages = self.client("s3").get_paginator("list_object_versions")
        return [
            each["Key"]
            for page in pages.paginate(Bucket=self.raw, Prefix=prefix)
            for each in page.get("Versions", [])
        ]

    def content(self, key: str) -> bytes:
        body: bytes = self.client("s3").get_object(Bucket=self.raw, Key=key)["Body"].read()
        return body

    def lines(self, key: str) -> list[dict[str, Any]]:
        """The lines of an object, which may be compressed."""
        content = self.content(key)
        text = gzip.decompress(content) if key.endswith(".gz") else content
        return [json.loads(line) for line in text.splitlines()]

    def previous(self) -> dict[str, Any] | None:
        """Which batch was reconciled last."""
        found = self.objects(PREVIOUS)
        return json.loads(self.content(PREVIOUS)) if found else None

    def scan(self, run: Run) -> dict[str, Any]:
        """What the scan of a run has found."""
        found: dict[str, Any] = json.loads(self.content(f"manifests/{run.batch}/scan.json"))
        return found

    def largest_call(self, batch: str) -> int:
        """Bytes of the largest call of a Map's child and its answer, as functions log both.

        The local AWS shows no history of children.
        """
        lines = (line for name in _OF_CHILDREN for line in self.function(name).log())
        logged = [(json.loads(line), len(line.encode())) for line in lines if line[:1] == "{"]
        sizes = [
            size
            for fields, size in logged
            if fields.get("batch") == batch and fields.get("outcome") in {"complete", "partial"}
        ]
        return max(sizes, default=0)

    def items(self) -> dict[str, dict[str, Any]]:
        """The table's items by the path of their file, those of deleted ones included."""
        pages = self.client("dynamodb").get_paginator("scan")
        found = [item for page in pages.paginate(TableName=TABLE) for item in page["Items"]]
        plain = [
            {name: next(iter(value.values())) for name, value in each.items()} for each in found
        ]
        return {each["file_path"]: each for each in plain}

    def documents(self, alias: str) -> dict[str, Document]:
        """The documents behind an alias by the path of their file."""
        url = f"{self.search_endpoint}/{alias}"
        requests.post(f"{url}/_refresh", timeout=30)
        query: Any = {"size": 1000, "_source": {"excludes": ["image_vector"]}}
        answer = requests.post(f"{url}/_search", json=query, timeout=30).json()
        found = {each["_source"]["file_path"]: each["_source"] for each in answer["hits"]["hits"]}
        assert len(found) == answer["hits"]["total"]["value"], "a document is there twice"
        return found

    @property
    def search_endpoint(self) -> str:
        return str(self.outputs["search"]["endpoint"])

    # The way to the NAS.

    def connections(self) -> list[dict[str, Any]]:
        """VPN connections that there are."""
        found = self.client("ec2").describe_vpn_connections()["VpnConnections"]
        return [each for each in found if each["State"] not in ("deleting", "deleted")]

    def assert_vpn_is_down(self) -> None:
        """VPNManager was told to take it down; on demand nothing is left that costs."""
        if self.outputs["vpn"]["mode"] == "on_demand":
            eventually(lambda: not self.connections(), "the VPN connection is gone")

    # Interventions.

    @contextmanager
    def killed_at(self, function: str, action: str, nth: int, moment: str) -> Iterator[None]:
        """Kill a function when it comes to a call; the block starts what makes it."""
        self.aws.hold(action, nth, moment, function)
        try:
            yield
            eventually(self.aws.is_holding, f"{function} has come to {action} {nth}")
            self.kill(function)
        finally:
            self.aws.release()

    def kill(self, function: str) -> None:
        """`kill -9` the processes of one function; the others stay warm."""
        for process in self.handlers():
            with suppress(psutil.NoSuchProcess):
                if process.environ().get("AWS_LAMBDA_FUNCTION_NAME") == function:
                    process.kill()

    @contextmanager
    def told(self, function: str, **variables: str) -> Iterator[None]:
        """Let a function run with some other environment variables."""
        found = self.client("lambda").get_function_configuration(FunctionName=function)
        changed = {**found["Environment"]["Variables"], **variables}
        with self.configured(function, Environment={"Variables": changed}):
            yield

    @contextmanager
    def configured(self, name: str, **changes: object) -> Iterator[None]:
        """Let a function run with another configuration, then as Terraform left it."""
        client = self.client("lambda")
        before = client.get_function_configuration(FunctionName=name)
        live = client.get_alias(FunctionName=name, Name="live")["FunctionVersion"]
        client.update_function_configuration(FunctionName=name, **changes)
        changed = client.publish_version(FunctionName=name)["Version"]
        client.update_alias(FunctionName=name, Name="live", FunctionVersion=changed)
        try:
            yield
        finally:
            client.update_alias(FunctionName=name, Name="live", FunctionVersion=live)
            kept = {key: before[key] for key in changes}
            client.update_function_configuration(FunctionName=name, **kept)
            client.delete_function(FunctionName=name, Qualifier=changed)
