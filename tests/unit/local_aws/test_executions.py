"""Executions of state machines: what tasks answer, how they fail, what is written down."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAws
from tests.unit.local_aws.machines import chain, invoke, machine, mapping
from tests.unit.local_aws.workshop import Function, Workshop, allow, unique

HANDLER = """
import os, time
class OutOfTune(Exception): pass
def run(event, context):
    if event.get("sleep"): time.sleep(event["sleep"])
    if event.get("exit"): os._exit(3)
    if event.get("fail"): raise OutOfTune("by a third")
    return {"heard": event}
"""
CAUGHT = {"Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Caught"}]}
CAUGHT_STATE = {"Type": "Succeed"}


@pytest.fixture(scope="module")
def function(workshop: Workshop) -> Function:
    return workshop.function(HANDLER, Timeout=1)


def test_input_context_and_intrinsic_functions_are_at_hand(workshop: Workshop) -> None:
    merged = 'States.JsonMerge(States.StringToJson(\'{"a":1,"b":1}\'), $$.Execution.Input, false)'
    first = {
        "Type": "Pass",
        "Parameters": {
            "request.$": merged,
            "execution.$": "$$.Execution.Id",
            "sum.$": "States.MathAdd(1, 2)",
            "length.$": "States.ArrayLength($$.Execution.Input.list)",
            "text.$": "States.Format('{} を実行', $$.State.Name)",
        },
    }
    made = machine(workshop, chain(First=first))

    ended = made.run({"b": 2, "list": [7, 8]})

    assert json.loads(ended["output"]) == {
        "request": {"a": 1, "b": 2, "list": [7, 8]},
        "execution": ended["executionArn"],
        "sum": 3,
        "length": 2,
        "text": "First を実行",
    }


@pytest.mark.parametrize(
    ("payload", "error"),
    [
        ({"fail": True}, "OutOfTune"),
        ({"sleep": 3}, "Sandbox.Timedout"),
        ({"exit": True}, "Runtime.ExitError"),
    ],
)
def test_a_function_fails_by_the_name_of_its_error(
    workshop: Workshop, function: Function, payload: dict[str, Any], error: str
) -> None:
    task = invoke(function.arn, payload) | {
        "Catch": [{"ErrorEquals": [error], "ResultPath": "$.error", "Next": "Failed"}]
    }
    failed = {"Type": "Fail", "ErrorPath": "$.error.Error", "CausePath": "$.error.Cause"}
    definition = chain(Invoke=task | {"End": True}, Failed=failed)
    made = machine(workshop, definition, allow("lambda:InvokeFunction", function.arn))

    ended = made.run()

    assert (ended["status"], ended["error"]) == ("FAILED", error)
    assert json.loads(ended["cause"])["errorType"] == error


def test_a_throttled_function_is_tried_again_by_the_name_of_the_error(
    workshop: Workshop, aws: LocalAws, function: Function
) -> None:
    retry = {
        "ErrorEquals": ["Lambda.TooManyRequestsException"],
        "IntervalSeconds": 1,
        "MaxAttempts": 1,
    }
    task = invoke(function.arn, {}, Retry=[retry], OutputPath="$.Payload")
    made = machine(workshop, chain(Invoke=task), allow("lambda:InvokeFunction", function.arn))

    with aws.faults("lambda.Invoke", code="TooManyRequestsException", nth=1):
        assert made.output() == {"heard": {}}


def test_tasks_have_the_permissions_of_the_role_and_no_others(
    workshop: Workshop, function: Function
) -> None:
    task = invoke(function.arn, {}, **CAUGHT)
    made = machine(workshop, chain(Invoke=task, Caught=CAUGHT_STATE))

    assert made.output()["error"]["Error"] == "Lambda.AWSLambdaException"

    workshop.grant(made.role, allow("lambda:InvokeFunction", function.arn))
    assert made.output()["Payload"] == {"heard": {}}
    records = [each for each in workshop.aws.iam_records() if each.role == made.role]
    assert [(each.action, each.allowed) for each in records] == [
        ("lambda:InvokeFunction", False),
        ("lambda:InvokeFunction", True),
    ]


def test_any_action_is_called_with_capitals_and_answers_with_them(workshop: Workshop) -> None:
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sfn:listExecutions",
        "Parameters": {"StateMachineArn.$": "$$.StateMachine.Id", "StatusFilter": "RUNNING"},
    }
    made = machine(workshop, chain(List=task), allow("states:ListExecutions", "*"))

    [running] = made.output()["Executions"]

    assert running["Status"] == "RUNNING"
    assert running["StartDate"].endswith("Z")


def test_executions_run_one_after_another_and_at_once(workshop: Workshop) -> None:
    made = machine(workshop, chain(Wait={"Type": "Wait", "Seconds": 1}))

    made.run()
    began = time.monotonic()
    executions = [made.start({"number": number}) for number in range(4)]
    outputs = [json.loads(made.ended(each)["output"]) for each in executions]

    assert time.monotonic() - began >= 1
    assert outputs == [{"number": number} for number in range(4)]
    assert len(made.sfn.list_executions(stateMachineArn=made.arn)["executions"]) == 5


def test_a_stopped_execution_is_aborted_at_once(workshop: Workshop) -> None:
    made = machine(workshop, chain(Wait={"Type": "Wait", "Seconds": 600}))
    execution = made.start()

    made.sfn.stop_execution(executionArn=execution)

    assert made.sfn.describe_execution(executionArn=execution)["status"] == "ABORTED"


def test_a_history_is_read_in_pages_and_from_its_end(workshop: Workshop) -> None:
    made = machine(workshop, chain(First={"Type": "Pass", "Result": "日本語"}))
    execution = made.run()["executionArn"]

    events = made.history(execution)
    first = made.sfn.get_execution_history(executionArn=execution, maxResults=3)
    rest = made.history(execution, nextToken=first["nextToken"])

    assert [each["type"] for each in events] == [
        "ExecutionStarted",
        "PassStateEntered",
        "PassStateExited",
        "ExecutionSucceeded",
    ]
    assert events[2]["stateExitedEventDetails"]["output"] == '"日本語"'
    assert first["events"] + rest == events
    assert made.history(execution, reverseOrder=True) == events[::-1]


def test_a_result_over_256_kib_ends_the_execution_and_nothing_catches_it(
    workshop: Workshop,
) -> None:
    function = workshop.function("def run(event, context): return '大' * event['characters']")
    task = invoke(function.arn, {"characters.$": "$.characters"}, **CAUGHT)
    definition = chain(Invoke=task | {"ResultPath": None}, Caught=CAUGHT_STATE)
    made = machine(workshop, definition, allow("lambda:InvokeFunction", function.arn))

    assert made.run({"characters": 80_000})["status"] == "SUCCEEDED"
    ended = made.run({"characters": 90_000})

    assert (ended["status"], ended["error"]) == ("FAILED", "States.DataLimitExceeded")


def test_an_input_over_256_kib_is_refused(workshop: Workshop) -> None:
    made = machine(workshop, chain(First={"Type": "Pass"}))

    with pytest.raises(ClientError, match="262144 bytes"):
        made.start({"large": "x" * 262_144})


def test_a_cause_that_is_json_is_put_into_a_text_as_it_is(workshop: Workshop) -> None:
    cause = json.dumps({"errorMessage": "{} of 'two'", "stackTrace": ["a\n"]})
    text = "States.Format('Cause: {} Execution: {}', $.error.Cause, $$.Execution.Name)"
    made = machine(workshop, chain(Compose={"Type": "Pass", "Parameters": {"text.$": text}}))

    execution = made.start({"error": {"Cause": cause}}, name=unique("manual-execution"))

    output = json.loads(made.ended(execution)["output"])
    assert output["text"] == f"Cause: {cause} Execution: {execution.rpartition(':')[2]}"


def test_a_run_that_takes_too_long_is_timed_out(workshop: Workshop) -> None:
    waiting = chain(Wait={"Type": "Wait", "Seconds": 600})
    made = machine(workshop, {**waiting, "TimeoutSeconds": 1})

    ended = made.run()

    assert ended["status"] == "TIMED_OUT"
    assert ended["stopDate"] >= ended["startDate"]


def test_a_child_is_given_parts_of_the_state_and_of_its_item(
    workshop: Workshop,
) -> None:
    selector = {"batch.$": "$.batch", "work.$": "$$.Map.Item.Value.work", "round": {"count": 1}}
    mode = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    each = {
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemSelector": selector,
        "ItemProcessor": {"ProcessorConfig": mode, **chain(Same={"Type": "Pass"})},
    }
    made = machine(workshop, chain(Each=each), *mapping("machine"))

    assert made.output({"batch": "exec-1", "items": [{"work": "a"}, {"work": "b"}]}) == [
        {"batch": "exec-1", "work": "a", "round": {"count": 1}},
        {"batch": "exec-1", "work": "b", "round": {"count": 1}},
    ]
