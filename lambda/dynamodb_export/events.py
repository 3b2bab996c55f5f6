"""What the jobs tell each other and everyone who listens on the bus `default`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from dynamodb_export.errors import ServiceError, telling

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

SOURCE = "moderation-craft.data-pipeline"
_AT_ONCE = 10  # https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html


class Kind(StrEnum):
    """The detail-type of an event."""

    REQUESTED = "TableExportRequested"  # a scan shall begin
    CONTINUED = "TableExportContinued"  # a scan shall go on
    STARTED = "TableExportStarted"  # AWS began a native export
    COMPLETED = "TableExportCompleted"
    FAILED = "TableExportFailed"


def publish(client: EventBridgeClient, kind: Kind, detail: Mapping[str, Any]) -> None:
    """Put one event on the bus.

    Raises:
        AwsError: the bus did not take it.
    """
    publish_all(client, kind, [detail])


def publish_all(
    client: EventBridgeClient, kind: Kind, details: Iterable[Mapping[str, Any]]
) -> None:
    """Put events of one kind on the bus.

    Raises:
        AwsError: the bus did not take all of them; the message names the first that it refused.
    """
    texts = [json.dumps(detail, ensure_ascii=False) for detail in details]
    for begin in range(0, len(texts), _AT_ONCE):
        _put(client, kind, texts[begin : begin + _AT_ONCE])


def _put(client: EventBridgeClient, kind: Kind, details: list[str]) -> None:
    with telling(f"publish {len(details)} × {kind}"):
        answer = client.put_events(
            Entries=[{"Source": SOURCE, "DetailType": kind, "Detail": text} for text in details]
        )
    if not answer["FailedEntryCount"]:
        return
    for text, entry in zip(details, answer["Entries"], strict=True):
        if code := entry.get("ErrorCode"):
            raise ServiceError(
                f"the bus refused {answer['FailedEntryCount']} of {len(details)} × {kind}, first "
                f"{text} ({code}: {entry.get('ErrorMessage')}; request id "
                f"{answer['ResponseMetadata']['RequestId']}): repeat the run",
                code,
                answer["ResponseMetadata"]["RequestId"],
            )
