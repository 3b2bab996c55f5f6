"""A function's event starts another function, as if somebody had invoked it asynchronously."""

from __future__ import annotations

import json
from typing import Any

from tests.unit.local_aws.workshop import Function, Workshop, allow, arn

PUTTING = """
import boto3, json
def run(event, context):
    entry = {"Source": event["source"], "DetailType": "TableExportStarted"}
    entry["Detail"] = json.dumps({"tableName": "orders", "exportType": "FULL_EXPORT"})
    boto3.client("events").put_events(Entries=[entry])
"""
FAILING = """
def run(event, context):
    print("came", event["detail"]["tableName"])
    raise ValueError("not now")
"""


def test_an_event_of_one_function_starts_another_which_is_tried_three_times(
    workshop: Workshop,
) -> None:
    first, second = workshop.function(PUTTING, Timeout=30), workshop.function(FAILING)
    workshop.grant(first.role, allow("events:PutEvents", arn("events", "event-bus/default")))
    listen(workshop, second, first.name, {"exportType": ["FULL_EXPORT"]})
    other = workshop.function(FAILING)
    listen(workshop, other, first.name, {"exportType": ["INCREMENTAL_EXPORT"]})

    assert first.invoke({"source": first.name}).error is None

    assert len(second.logged("came orders", times=3)) == 3
    assert other.log() == []


def listen(workshop: Workshop, function: Function, source: str, detail: dict[str, Any]) -> None:
    """Let events of a source start a function."""
    events = workshop.aws.client("events")
    pattern = {"source": [source], "detail-type": ["TableExportStarted"], "detail": detail}
    rule = events.put_rule(Name=function.name, EventPattern=json.dumps(pattern))["RuleArn"]
    events.put_targets(Rule=function.name, Targets=[{"Id": "1", "Arn": function.arn}])
    workshop.aws.client("lambda").add_permission(
        FunctionName=function.name,
        StatementId="events",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule,
    )
