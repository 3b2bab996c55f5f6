"""Distributed maps: every item has a child, and as many may fail as the map tolerates."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scripts.local_aws import LocalAws
from tests.unit.local_aws.machines import Machine, chain, invoke, machine, mapping
from tests.unit.local_aws.workshop import Workshop, allow, metric

FAILING_CHILDREN = chain(
    IsGood={
        "Type": "Choice",
        "Choices": [{"Variable": "$.good", "BooleanEquals": True, "Next": "Good"}],
        "Default": "Bad",
    },
    Good={"Type": "Succeed"},
    Bad={"Type": "Fail", "Error": "Bad", "Cause": "it was bad"},
)
CAUGHT = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Caught"}]
TOO_MANY = "States.ExceedToleratedFailureThreshold"


def mapped(
    workshop: Workshop,
    children: dict[str, Any],
    *statements: dict[str, Any],
    **settings: Any,
) -> tuple[Machine, str]:
    """A state machine that runs a child for every item of items.json in a bucket."""
    bucket = workshop.bucket()
    mode = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    state = {
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON"},
            "Parameters": {"Bucket": bucket, "Key": "items.json"},
        },
        "ItemProcessor": {"ProcessorConfig": mode, **children},
        "Catch": CAUGHT,
        **settings,
    }
    reading = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
    definition = chain(Each=state, Done={"Type": "Succeed"}, Caught={"Type": "Succeed"})
    return machine(workshop, definition, reading, *mapping("machine"), *statements), bucket


def put(workshop: Workshop, bucket: str, items: list[Any]) -> None:
    workshop.aws.client("s3").put_object(Bucket=bucket, Key="items.json", Body=json.dumps(items))


@pytest.mark.parametrize(
    ("tolerated", "bad", "exceeded"),
    [
        ({}, 1, True),
        ({"ToleratedFailurePercentage": 30}, 3, False),
        ({"ToleratedFailurePercentage": 30}, 4, True),
        ({"ToleratedFailureCount": 4}, 4, False),
        ({"ToleratedFailurePercentage": 100}, 10, False),
    ],
)
def test_a_map_goes_on_unless_more_children_fail_than_are_tolerated(
    workshop: Workshop, tolerated: dict[str, int], bad: int, exceeded: bool
) -> None:
    made, bucket = mapped(workshop, FAILING_CHILDREN, ResultPath=None, **tolerated)
    put(workshop, bucket, [{"good": number >= bad} for number in range(10)])

    output = made.output({"kept": 1})

    assert output["kept"] == 1
    assert output.get("error", {}).get("Error") == (TOO_MANY if exceeded else None)


def test_ten_thousand_children_leave_no_result_and_few_events(workshop: Workshop) -> None:
    children = chain(Small={"Type": "Pass", "OutputPath": None})
    made, bucket = mapped(workshop, children, ResultPath=None)
    put(workshop, bucket, list(range(10_000)))

    execution = made.start({"kept": 1})
    ended = made.ended(execution)

    assert json.loads(ended["output"]) == {"kept": 1}
    assert len(made.history(execution)) < 20


def test_results_of_all_children_together_stay_below_256_kib(workshop: Workshop) -> None:
    made, bucket = mapped(workshop, chain(Same={"Type": "Pass"}), ResultPath=None)
    put(workshop, bucket, ["x" * 1024] * 300)

    ended = made.run()

    assert (ended["status"], ended["error"]) == ("FAILED", "States.DataLimitExceeded")


def test_results_come_in_the_order_of_the_items(workshop: Workshop) -> None:
    made, bucket = mapped(workshop, chain(Same={"Type": "Pass"}), MaxConcurrency=3)
    put(workshop, bucket, list(range(50)))

    assert made.output() == list(range(50))


def test_no_more_children_run_at_once_than_are_allowed(workshop: Workshop, aws: LocalAws) -> None:
    function = workshop.function("import time\ndef run(event, context): time.sleep(0.2)")
    aws.client("lambda").put_function_concurrency(
        FunctionName=function.name, ReservedConcurrentExecutions=2
    )
    children = chain(Invoke=invoke(function.arn, {}))
    calling = allow("lambda:InvokeFunction", function.arn)
    made, bucket = mapped(workshop, children, calling, MaxConcurrency=2, ResultPath=None)
    put(workshop, bucket, list(range(10)))

    assert "error" not in made.output({"kept": 1})

    assert metric(aws, "AWS/Lambda", "Throttles", "Sum", FunctionName=function.name) == 0


def test_items_that_cannot_be_read_fail_the_map(workshop: Workshop) -> None:
    made, _ = mapped(workshop, FAILING_CHILDREN, ResultPath=None)

    assert made.output({"kept": 1})["error"]["Error"] == "States.ItemReaderFailed"


def test_a_role_that_may_not_start_children_fails_the_map(workshop: Workshop) -> None:
    made, bucket = mapped(workshop, FAILING_CHILDREN, ResultPath=None)
    put(workshop, bucket, [])
    workshop.grant(made.role, allow("s3:GetObject", "*"))

    failed = made.output({"kept": 1})["error"]

    assert failed["Error"] == "States.Permissions"
    assert "states:StartExecution" in failed["Cause"]
