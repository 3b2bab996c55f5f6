"""What is put on the bus, and what is done when the bus refuses it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from botocore.stub import ANY, Stubber

from dynamodb_export import events
from dynamodb_export.errors import ServiceError, ThrottledError
from dynamodb_export.events import Kind

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

METADATA = {"RequestId": "R-1", "HTTPStatusCode": 200}


@pytest.fixture
def client() -> EventBridgeClient:
    return boto3.client(
        "events", "ap-northeast-1", aws_access_key_id="a", aws_secret_access_key="b"
    )


@pytest.fixture
def bus(client: EventBridgeClient) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def taken(count: int) -> dict[str, object]:
    return {"FailedEntryCount": 0, "Entries": [{"EventId": f"{n}"} for n in range(count)]}


def test_an_event_names_its_source_and_carries_its_detail(
    client: EventBridgeClient, bus: Stubber
) -> None:
    entry = {
        "Source": "moderation-craft.data-pipeline",
        "DetailType": "TableExportStarted",
        "Detail": json.dumps({"tableName": "表"}, ensure_ascii=False),
    }
    bus.add_response("put_events", taken(1), {"Entries": [entry]})
    events.publish(client, Kind.STARTED, {"tableName": "表"})


def test_many_events_go_ten_at_a_time(client: EventBridgeClient, bus: Stubber) -> None:
    for count in (10, 10, 3):
        bus.add_response("put_events", taken(count), {"Entries": [ANY] * count})
    events.publish_all(client, Kind.REQUESTED, [{"n": n} for n in range(23)])


def test_no_events_are_no_call(client: EventBridgeClient, bus: Stubber) -> None:
    del bus
    events.publish_all(client, Kind.REQUESTED, [])


def test_an_event_that_the_bus_refuses_is_an_error_that_names_it(
    client: EventBridgeClient, bus: Stubber
) -> None:
    refused = {"ErrorCode": "InternalFailure", "ErrorMessage": "no"}
    answer = {"FailedEntryCount": 1, "Entries": [{"EventId": "1"}, refused]}
    bus.add_response("put_events", {**answer, "ResponseMetadata": METADATA})
    with pytest.raises(ServiceError, match=r'1 of 2 .* \{"n": 1\} \(InternalFailure.*R-1') as why:
        events.publish_all(client, Kind.FAILED, [{"n": 0}, {"n": 1}])
    assert why.value.request_id == "R-1"


def test_a_bus_that_is_asked_too_often_says_so(client: EventBridgeClient, bus: Stubber) -> None:
    bus.add_client_error("put_events", "ThrottlingException", http_status_code=400)
    with pytest.raises(ThrottledError, match=r"^Rate limit exceeded\. Please retry later\."):
        events.publish(client, Kind.FAILED, {})
