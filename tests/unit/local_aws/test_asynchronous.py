"""Events that nobody waits for: retries, dead letters, destinations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.local_aws import Pace, start
from tests.unit.local_aws.workshop import (
    LOGS,
    Function,
    Queue,
    Workshop,
    allow,
    attributes,
    eventually,
    metric,
)

FAILING = (
    "def run(event, context): print('attempt', context.aws_request_id); raise ValueError('no')"
)


def failing(workshop: Workshop, queue: Queue, source: str = FAILING, **settings: Any) -> Function:
    """A function with dead letters and a role that may send them."""
    role = workshop.role(LOGS, allow("sqs:SendMessage", queue.arn))
    letters = {"TargetArn": queue.arn}
    return workshop.function(source, role=role, DeadLetterConfig=letters, **settings)


def configure(function: Function, **settings: Any) -> None:
    """Say how events are to be treated."""
    client = function.aws.client("lambda")
    client.put_function_event_invoke_config(FunctionName=function.name, **settings)


def test_an_event_is_accepted_and_handled_later(workshop: Workshop) -> None:
    function = workshop.function("def run(event, context): print('got', event)")

    answer = function.invoke({"n": 1}, InvocationType="Event")

    assert (answer.status, answer.payload) == (202, None)
    assert function.logged("got {'n': 1}")


def test_a_failing_event_is_tried_three_times_then_becomes_a_dead_letter(
    workshop: Workshop,
) -> None:
    queue = workshop.queue()
    function = failing(workshop, queue)

    function.invoke({"poison": True}, InvocationType="Event")
    letter = queue.message()

    starts = function.logged("START RequestId")
    assert len(starts) == 3
    assert len(set(starts)) == 1  # all with one request id
    assert json.loads(letter["Body"]) == {"poison": True}
    assert attributes(letter) == {
        "RequestID": starts[0].split()[2],
        "ErrorCode": "200",
        "ErrorMessage": "no",
    }
    assert function.metric("Errors") == 3
    assert [each.resource for each in function.records("sqs:SendMessage")] == [queue.arn]


def test_dead_letters_show_in_the_queues_metric(workshop: Workshop) -> None:
    queue = workshop.queue()
    failing(workshop, queue).invoke({}, InvocationType="Event")
    queue.message()

    name = "ApproximateNumberOfMessagesVisible"
    assert metric(workshop.aws, "AWS/SQS", name, "Maximum", QueueName=queue.name) == 1


def test_an_event_that_succeeds_at_last_is_no_dead_letter(workshop: Workshop) -> None:
    queue = workshop.queue()
    source = "count = 0\ndef run(event, context):\n global count; count += 1; assert count > 2"
    function = failing(workshop, queue, source)

    function.invoke({}, InvocationType="Event")

    eventually(lambda: function.metric("Invocations") == 3)
    assert function.metric("Errors") == 2
    assert queue.messages() == []


def test_the_number_of_retries_can_be_lowered(workshop: Workshop) -> None:
    queue = workshop.queue()
    function = failing(workshop, queue)
    configure(function, MaximumRetryAttempts=0)

    function.invoke({}, InvocationType="Event")
    queue.message()

    assert len(function.logged("START RequestId")) == 1


def test_an_event_that_would_be_too_old_is_not_tried_again(tmp_path: Path) -> None:
    with start(tmp_path, Pace(retry_delays=(90, 180))) as aws:
        workshop = Workshop(aws)
        queue = workshop.queue()
        function = failing(workshop, queue)
        destination = {"OnFailure": {"Destination": queue.arn}}
        configure(function, MaximumEventAgeInSeconds=60, DestinationConfig=destination)

        function.invoke({"n": 1}, InvocationType="Event")
        records = queue.bodies_until(lambda body: "requestContext" in body)

        assert function.metric("Errors") == 1
        assert records[-1]["requestContext"]["condition"] == "EventAgeExceeded"


def test_settings_of_an_alias_hold_for_the_alias_only(workshop: Workshop) -> None:
    queue = workshop.queue()
    function = failing(workshop, queue)
    client = workshop.aws.client("lambda")
    client.create_alias(FunctionName=function.name, Name="live", FunctionVersion="$LATEST")
    configure(function, Qualifier="live", MaximumRetryAttempts=0)

    function.invoke({"by": "alias"}, InvocationType="Event", Qualifier="live")
    assert json.loads(queue.message()["Body"]) == {"by": "alias"}
    assert function.metric("Errors") == 1

    function.invoke({"by": "name"}, InvocationType="Event")
    eventually(lambda: function.metric("Errors") == 4)


def test_without_permission_a_dead_letter_is_lost_and_counted(workshop: Workshop) -> None:
    queue = workshop.queue()
    function = failing(workshop, queue)
    configure(function, MaximumRetryAttempts=0)
    workshop.grant(function.role, LOGS)

    function.invoke({}, InvocationType="Event")

    eventually(lambda: function.metric("DeadLetterErrors") == 1)
    assert queue.messages() == []
    [refused] = function.records("sqs:SendMessage")
    assert (refused.resource, refused.allowed) == (queue.arn, False)


@pytest.mark.parametrize(
    ("source", "kind", "condition"),
    [
        ("def run(event, context): return 'fine'", "OnSuccess", "Success"),
        (FAILING, "OnFailure", "RetriesExhausted"),
    ],
)
def test_a_destination_gets_a_record(
    workshop: Workshop, source: str, kind: str, condition: str
) -> None:
    queue = workshop.queue()
    role = workshop.role(LOGS, allow("sqs:SendMessage", queue.arn))
    function = workshop.function(source, role=role)
    configure(function, DestinationConfig={kind: {"Destination": queue.arn}})

    function.invoke({"n": 1}, InvocationType="Event")
    record = json.loads(queue.message()["Body"])

    assert record["requestContext"]["condition"] == condition
    assert record["requestContext"]["functionArn"] == f"{function.arn}:$LATEST"
    assert record["requestPayload"] == {"n": 1}
    if kind == "OnSuccess":
        assert record["responsePayload"] == "fine"
        assert record["requestContext"]["approximateInvokeCount"] == 1
    else:
        assert record["responsePayload"]["errorType"] == "ValueError"
        assert record["responseContext"]["functionError"] == "Unhandled"
        assert record["requestContext"]["approximateInvokeCount"] == 3


def test_a_function_can_be_a_destination(workshop: Workshop) -> None:
    next_one = workshop.function("def run(event, context): print(event['responsePayload'])")
    role = workshop.role(LOGS, allow("lambda:InvokeFunction", next_one.arn))
    function = workshop.function("def run(event, context): return 'passed on'", role=role)
    configure(function, DestinationConfig={"OnSuccess": {"Destination": next_one.arn}})

    function.invoke({}, InvocationType="Event")

    assert next_one.logged("passed on")


def test_a_function_without_any_concurrency_sends_its_events_to_the_dead_letters(
    workshop: Workshop,
) -> None:
    queue = workshop.queue()
    function = failing(workshop, queue)
    workshop.aws.client("lambda").put_function_concurrency(
        FunctionName=function.name, ReservedConcurrentExecutions=0
    )

    function.invoke({"n": 1}, InvocationType="Event")
    letter = queue.message()

    assert json.loads(letter["Body"]) == {"n": 1}
    assert attributes(letter)["ErrorCode"] == "429"
    assert function.log() == []
    assert function.metric("Throttles") == 1


def test_a_throttled_event_waits_for_a_free_execution(workshop: Workshop) -> None:
    function = workshop.function("import time\ndef run(event, context): time.sleep(0.2)")
    workshop.aws.client("lambda").put_function_concurrency(
        FunctionName=function.name, ReservedConcurrentExecutions=1
    )

    for _ in range(2):
        function.invoke({}, InvocationType="Event")

    eventually(lambda: function.metric("Invocations") == 2)
    assert function.metric("Throttles") == 1
    assert function.metric("Errors") == 0


def test_sns_invokes_a_subscribed_function(workshop: Workshop) -> None:
    function = workshop.function(
        "def run(event, context): print('message', event['Records'][0]['Sns']['Message'])"
    )
    sns = workshop.aws.client("sns")
    topic = sns.create_topic(Name=function.name)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function.arn)

    sns.publish(TopicArn=topic, Message="good morning")

    assert function.logged("message good morning")
