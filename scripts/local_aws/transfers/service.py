"""DataSync as its requests see it: executions that run, with their log and their metrics."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from scripts.local_aws import metrics
from scripts.local_aws.account import REGION
from scripts.local_aws.nas import NAS
from scripts.local_aws.transfers import log
from scripts.local_aws.transfers.copying import Route, transfer
from scripts.local_aws.transfers.destination import Destination
from scripts.local_aws.transfers.execution import Execution
from scripts.local_aws.transfers.queue import Queue
from scripts.local_aws.transfers.resources import RESOURCES


def start(task: str, settings: Mapping[str, Any]) -> Execution:
    """Start an execution of a task.

    Args:
        task: Its ARN.
        settings: As DescribeTask tells them, with what this execution has otherwise.
    """
    execution = Execution(f"{task}/execution/exec-{secrets.token_hex(9)[:17]}", settings)
    EXECUTIONS.add(task, execution)
    return execution


def _run(execution: Execution) -> None:
    transfer(execution, _route(execution.task))
    log.write(execution)
    task = execution.arn.split("/")[1]
    names = ("BytesTransferred", "BytesWritten", "FilesTransferred")
    counted = {name: execution.counts.get(name, 0) for name in names}
    metrics.publish("AWS/DataSync", REGION, counted, TaskId=task)


def _route(task: Mapping[str, Any]) -> Route:
    source = RESOURCES.get(task["SourceLocationArn"]).described
    there = RESOURCES.get(task["DestinationLocationArn"]).described
    server, _, share = source["LocationUri"].partition("://")[2].partition("/")
    bucket, _, prefix = there["LocationUri"].removeprefix("s3://").partition("/")
    role = there["S3Config"]["BucketAccessRoleArn"]
    destination = Destination(bucket, prefix, role, there["S3StorageClass"])
    return Route(server, f"/{share}", NAS.folder(server, share), destination)


EXECUTIONS = Queue(_run)
