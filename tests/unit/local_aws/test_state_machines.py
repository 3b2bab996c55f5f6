"""State machines as Terraform and EventBridge find them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from scripts.local_aws import LocalAws
from scripts.local_aws.account import ACCOUNT
from tests.unit.local_aws.machines import Machine, chain, machine, role_of, trust
from tests.unit.local_aws.workshop import Queue, Workshop, allow, arn, eventually, unique

PASS = {"Type": "Pass"}
OTHER = allow("logs:PutLogEvents", "*")
TEMPLATE = '{"batch_date": <time>, "batch_type": "monthly_scheduled"}'
TRANSFORMER = {"InputPathsMap": {"time": "$.time"}, "InputTemplate": TEMPLATE}


@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        (chain(First=PASS), None),
        (chain(First=PASS | {"Next": "Nowhere"}), "there is no state Nowhere"),
        (chain(First=PASS | {"End": True}, Alone=PASS), "state Alone is not reachable"),
        (chain(First={"Type": "Pas"}), "Pas"),
    ],
)
def test_a_definition_is_validated(
    aws: LocalAws, definition: dict[str, Any], problem: str | None
) -> None:
    answer = aws.client("stepfunctions").validate_state_machine_definition(
        definition=json.dumps(definition)
    )

    assert answer["result"] == ("FAIL" if problem else "OK")
    assert (problem or "") in json.dumps(answer["diagnostics"])


def test_a_definition_that_is_not_valid_makes_no_state_machine(workshop: Workshop) -> None:
    with pytest.raises(ClientError, match="MISSING_TRANSITION_TARGET"):
        machine(workshop, chain(First=PASS | {"Next": "Nowhere"}))


def test_settings_are_kept(workshop: Workshop, aws: LocalAws) -> None:
    needed = allow(["logs:*", "xray:*"], "*")
    logging = {
        "level": "ALL",
        "includeExecutionData": False,
        "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": "arn:aws:logs:::log"}}],
    }
    sfn = aws.client("stepfunctions")
    created = sfn.create_state_machine(
        name=unique("machine"),
        definition=json.dumps(chain(First=PASS)),
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/{role_of(workshop, needed)}",
        loggingConfiguration=logging,
        tracingConfiguration={"enabled": True},
        tags=[{"key": "Schedule", "value": "monthly"}],
    )["stateMachineArn"]

    described = sfn.describe_state_machine(stateMachineArn=created)

    assert described["loggingConfiguration"] == logging
    assert described["tracingConfiguration"] == {"enabled": True}
    tags = sfn.list_tags_for_resource(resourceArn=created)["tags"]
    assert tags == [{"key": "Schedule", "value": "monthly"}]
    assert sfn.list_state_machine_versions(stateMachineArn=created)["stateMachineVersions"] == []


@pytest.mark.parametrize(
    ("trusted", "settings", "problem"),
    [
        ("lambda", {}, "can't be assumed by states.amazonaws.com"),
        ("states", {"loggingConfiguration": {"level": "ERROR"}}, "logs:CreateLogDelivery"),
        ("states", {"tracingConfiguration": {"enabled": True}}, "xray:PutTraceSegments"),
    ],
)
def test_a_role_that_does_not_fit_is_refused(
    workshop: Workshop, aws: LocalAws, trusted: str, settings: dict[str, Any], problem: str
) -> None:
    role = workshop.role(OTHER, AssumeRolePolicyDocument=trust(trusted))

    with pytest.raises(ClientError, match=problem):
        aws.client("stepfunctions").create_state_machine(
            name=unique("machine"),
            definition=json.dumps(chain(First=PASS)),
            roleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}",
            **settings,
        )


def scheduled(workshop: Workshop, made: Machine, *statements: dict[str, Any]) -> tuple[str, Queue]:
    """A schedule that starts a state machine with a role; its name and its dead letters."""
    name, queue = unique("monthly"), workshop.queue()
    trusting = trust("events", source=arn("events", f"rule/{name}"))
    role = workshop.role(*statements, AssumeRolePolicyDocument=trusting)
    events = workshop.aws.client("events")
    rule = events.put_rule(Name=name, ScheduleExpression="cron(0 17 L * ? *)")["RuleArn"]
    target = {
        "Id": "1",
        "Arn": made.arn,
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/{role}",
        "InputTransformer": TRANSFORMER,
        "DeadLetterConfig": {"Arn": queue.arn},
    }
    events.put_targets(Rule=name, Targets=[target])
    queue.open_to("events.amazonaws.com", rule)
    return name, queue


def test_a_schedule_starts_an_execution_with_its_role(workshop: Workshop, aws: LocalAws) -> None:
    made = machine(workshop, chain(First=PASS))
    rule, _ = scheduled(workshop, made, allow("states:StartExecution", made.arn))

    aws.fire_schedule(rule)

    listed = eventually(lambda: made.sfn.list_executions(stateMachineArn=made.arn)["executions"])
    output = json.loads(made.ended(listed[0]["executionArn"])["output"])
    assert output["batch_type"] == "monthly_scheduled"
    assert output["batch_date"].startswith("20")


def test_a_schedule_whose_role_may_not_start_it_leaves_a_dead_letter(
    workshop: Workshop, aws: LocalAws
) -> None:
    made = machine(workshop, chain(First=PASS))
    rule, queue = scheduled(workshop, made, allow("states:StartExecution", made.arn + "-other"))

    aws.fire_schedule(rule)

    letter = queue.message()
    assert letter["MessageAttributes"]["ERROR_CODE"]["StringValue"] == "NO_PERMISSIONS"
    assert made.sfn.list_executions(stateMachineArn=made.arn)["executions"] == []
