"""The pipeline's first states, run: of executions that start together the oldest goes on."""

from __future__ import annotations

from typing import Any

from scripts.nas_sync import pipeline
from tests.unit.local_aws.machines import machine
from tests.unit.local_aws.workshop import Workshop, allow

_ASKED = ("ListRunningExecutions", "IsAnyRunning", "FindOldestRun", "IsAnotherRunning")


def beginning() -> dict[str, Any]:
    """From the question who else runs to its answer; those asked go on as long as any asks."""
    states = pipeline.definition()["States"]
    asked = {name: dict(states[name]) for name in _ASKED}
    asked["ListRunningExecutions"]["Parameters"] = {
        **states["ListRunningExecutions"]["Parameters"],
        "StateMachineArn.$": "$$.StateMachine.Id",
    }
    del asked["ListRunningExecutions"]["Parameters"]["StateMachineArn"]
    return {
        "StartAt": "StartTogether",
        "States": {
            "StartTogether": {"Type": "Wait", "Seconds": 1, "Next": "ListRunningExecutions"},
            **asked,
            "IsResumed": {"Type": "Wait", "Seconds": 1, "Next": "GoesOn"},
            "GoesOn": {"Type": "Succeed"},
            "AnotherIsRunning": {"Type": "Wait", "Seconds": 1, "Next": "GivesWay"},
            "GivesWay": {"Type": "Fail", "Error": "AnotherIsRunning"},
            "DescribeFailure": {"Type": "Fail", "Error": "Unforeseen"},
        },
    }


def test_of_executions_that_start_together_the_oldest_goes_on(workshop: Workshop) -> None:
    made = machine(workshop, beginning(), allow("states:ListExecutions", "*"))
    executions = [made.start() for _ in range(3)]
    ends = [made.ended(each) for each in executions]
    assert [end["status"] for end in ends] == ["SUCCEEDED", "FAILED", "FAILED"]
    assert {end.get("error") for end in ends[1:]} == {"AnotherIsRunning"}
    assert made.run()["status"] == "SUCCEEDED", "those that ended are in nobody's way"
