"""Makes state machines in the local AWS, and waits until their executions have ended."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from scripts.local_aws.account import ACCOUNT
from tests.unit.local_aws.workshop import LOGS, Workshop, allow, arn, eventually, unique


def trust(service: str, source: str = "*") -> str:
    """A trust policy for an AWS service that acts for a source."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": source},
        },
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def invoke(function: str, payload: Any, **more: Any) -> dict[str, Any]:
    """A task that invokes a function."""
    parameters = {"FunctionName": function, "Payload": payload}
    return {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", **more} | {
        "Parameters": parameters
    }


def chain(**states: dict[str, Any]) -> dict[str, Any]:
    """States one after the other; one that says where to go keeps that."""
    names = list(states)
    following = [*names[1:], None]
    linked = {
        name: state
        if {"Next", "End"} & state.keys() or state["Type"] in {"Choice", "Fail", "Succeed"}
        else state | ({"Next": after} if after else {"End": True})
        for (name, state), after in zip(states.items(), following, strict=True)
    }
    return {"StartAt": names[0], "States": linked}


@dataclass(frozen=True)
class Machine:
    """A state machine."""

    workshop: Workshop
    arn: str
    role: str

    @property
    def sfn(self) -> Any:
        return self.workshop.aws.client("stepfunctions")

    def start(self, given: Any = None, **settings: Any) -> str:
        """Start an execution; returns its ARN."""
        started = self.sfn.start_execution(
            stateMachineArn=self.arn, input=json.dumps(given or {}), **settings
        )
        return str(started["executionArn"])

    def ended(self, execution: str) -> dict[str, Any]:
        """Wait for the end of an execution."""

        def look() -> dict[str, Any]:
            found = self.sfn.describe_execution(executionArn=execution)
            return {} if found["status"] == "RUNNING" else dict(found)

        return eventually(look, within=60)

    def run(self, given: Any = None) -> dict[str, Any]:
        """Start an execution and wait for its end."""
        return self.ended(self.start(given))

    def output(self, given: Any = None) -> Any:
        """What a successful execution answers."""
        ended = self.run(given)
        assert ended["status"] == "SUCCEEDED", ended.get("cause")
        return json.loads(ended["output"])

    def history(self, execution: str, **settings: Any) -> list[dict[str, Any]]:
        """Its events."""
        answer = self.sfn.get_execution_history(executionArn=execution, **settings)
        return list(answer["events"])


def role_of(workshop: Workshop, *statements: dict[str, Any]) -> str:
    """A role for state machines; returns its name."""
    return workshop.role(*(statements or [LOGS]), AssumeRolePolicyDocument=trust("states"))


def machine(workshop: Workshop, definition: dict[str, Any], *statements: dict[str, Any]) -> Machine:
    """A state machine whose role may do what the statements say."""
    role, name = role_of(workshop, *statements), unique("machine")
    created = workshop.aws.client("stepfunctions").create_state_machine(
        name=name,
        definition=json.dumps(definition),
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}",
    )
    return Machine(workshop, created["stateMachineArn"], role)


def mapping(name: str) -> list[dict[str, Any]]:
    """What a state machine's role needs for distributed maps."""
    return [
        allow("states:StartExecution", arn("states", f"stateMachine:{name}*")),
        allow("states:DescribeExecution", arn("states", f"execution:{name}*:*")),
        allow("states:StopExecution", arn("states", f"execution:{name}*/*:*")),
    ]
