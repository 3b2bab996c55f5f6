"""EventBridge: which events reach which targets, and what happens to those that can't."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from scripts.local_aws import LocalAws, LocalAwsError
from tests.unit.local_aws.workshop import (
    Function,
    Queue,
    Workshop,
    attributes,
    eventually,
    unique,
)

EVERY_DAY = "cron(0 15 * * ? *)"


@dataclass(frozen=True)
class Rule:
    """A rule of the default event bus, for events of a source of its own."""

    aws: LocalAws
    name: str
    arn: str

    def targets(self, arn: str, **settings: Any) -> None:
        """Send what matches to an ARN."""
        target = {"Id": "1", "Arn": arn, **settings}
        self.aws.client("events").put_targets(Rule=self.name, Targets=[target])

    def may_invoke(self, function: Function, **settings: Any) -> None:
        """Let the rule invoke a function."""
        self.aws.client("lambda").add_permission(
            **{
                "FunctionName": function.name,
                "StatementId": self.name,
                "Action": "lambda:InvokeFunction",
                "Principal": "events.amazonaws.com",
                "SourceArn": self.arn,
                **settings,
            }
        )

    def send(self, detail: Any, kind: str = "manual-trigger", source: str | None = None) -> None:
        """Send an event of the rule's source."""
        send(self.aws, source or self.name, detail, kind)


def send(aws: LocalAws, source: str, detail: Any, kind: str = "manual-trigger") -> None:
    """Send an event."""
    entry = {"Source": source, "DetailType": kind, "Detail": json.dumps(detail)}
    answer = aws.client("events").put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 0, answer


def rule(aws: LocalAws, pattern: dict[str, Any] | None = None, **settings: Any) -> Rule:
    """A rule; without a schedule it matches events whose source is its name."""
    name = unique("rule")
    if "ScheduleExpression" not in settings:
        settings["EventPattern"] = json.dumps({"source": [name], **(pattern or {})})
    arn = aws.client("events").put_rule(Name=name, **settings)["RuleArn"]
    return Rule(aws, name, arn)


def rule_to_queue(
    workshop: Workshop, pattern: dict[str, Any] | None = None, **settings: Any
) -> tuple[Rule, Queue]:
    """A rule that delivers into a queue."""
    queue, made = workshop.queue(), rule(workshop.aws, pattern)
    queue.open_to("events.amazonaws.com", made.arn)
    made.targets(queue.arn, **settings)
    return made, queue


def test_an_event_reaches_a_function_as_aws_sends_it(workshop: Workshop) -> None:
    function = workshop.function("import json\ndef run(event, context): print(json.dumps(event))")
    made = rule(workshop.aws)
    made.targets(function.arn)
    made.may_invoke(function)

    made.send({"job": "sync-batch"})

    event = json.loads(function.logged('"detail"')[0])
    assert set(event) == {
        "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"
    }  # fmt: skip
    assert event["detail-type"] == "manual-trigger"
    assert event["detail"] == {"job": "sync-batch"}
    assert event["time"].endswith("Z")
    assert "T" in event["time"]


def test_an_alias_is_invoked_with_the_permission_of_the_alias(workshop: Workshop) -> None:
    function = workshop.function("def run(event, context): print(context.invoked_function_arn)")
    client = workshop.aws.client("lambda")
    client.create_alias(FunctionName=function.name, Name="live", FunctionVersion="$LATEST")
    made, letters = rule(workshop.aws), workshop.queue()
    letters.open_to("events.amazonaws.com", made.arn)
    made.targets(f"{function.arn}:live", DeadLetterConfig={"Arn": letters.arn})

    made.may_invoke(function)  # of the function, not of the alias
    made.send({})
    assert attributes(letters.message())["ERROR_CODE"] == "NO_PERMISSIONS"

    made.may_invoke(function, StatementId="alias", Qualifier="live")
    made.send({})
    assert function.logged(f"{function.arn}:live")


@pytest.mark.parametrize(
    "wrong",
    [{"Principal": "s3.amazonaws.com"}, {"SourceArn": "arn:aws:events:::rule/another"}],
)
def test_a_function_that_does_not_let_the_rule_in_is_not_invoked(
    workshop: Workshop, wrong: dict[str, str]
) -> None:
    function, letters = workshop.function("def run(event, context): print('ran')"), workshop.queue()
    made = rule(workshop.aws)
    letters.open_to("events.amazonaws.com", made.arn)
    made.targets(function.arn, DeadLetterConfig={"Arn": letters.arn})
    made.may_invoke(function, **wrong)

    made.send({"n": 1})
    letter = letters.message()

    assert json.loads(letter["Body"])["detail"] == {"n": 1}
    told = attributes(letter)
    assert (told["RULE_ARN"], told["TARGET_ARN"]) == (made.arn, function.arn)
    assert told["ERROR_CODE"] == "NO_PERMISSIONS"
    assert function.log() == []


def test_a_target_that_is_gone_makes_a_dead_letter(workshop: Workshop) -> None:
    gone, letters = workshop.queue(), workshop.queue()
    made = rule(workshop.aws)
    for queue in (gone, letters):
        queue.open_to("events.amazonaws.com", made.arn)
    made.targets(gone.arn, DeadLetterConfig={"Arn": letters.arn})
    workshop.aws.client("sqs").delete_queue(QueueUrl=gone.url)

    made.send({})

    assert attributes(letters.message())["ERROR_CODE"] in {"NO_PERMISSIONS", "NO_RESOURCE"}


def test_dead_letters_need_a_queue_that_lets_the_rule_in(workshop: Workshop) -> None:
    function, letters = workshop.function(), workshop.queue()
    made = rule(workshop.aws)
    made.targets(function.arn, DeadLetterConfig={"Arn": letters.arn})

    made.send({})

    assert eventually(
        lambda: f"may not send dead letters of {made.arn}" in _server_log(workshop.aws)
    )
    assert letters.messages() == []


def test_topics_and_queues_are_targets(workshop: Workshop) -> None:
    made, queue = rule_to_queue(workshop)
    sns = workshop.aws.client("sns")
    topic = sns.create_topic(Name=made.name)["TopicArn"]
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sns:Publish",
        "Resource": topic,
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)
    subscriber = workshop.queue()
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=subscriber.arn)
    workshop.aws.client("events").put_targets(Rule=made.name, Targets=[{"Id": "2", "Arn": topic}])

    made.send({"n": 1})

    assert json.loads(queue.message()["Body"])["detail"] == {"n": 1}
    published = json.loads(subscriber.message()["Body"])["Message"]
    assert json.loads(published)["detail"] == {"n": 1}


def test_a_topic_with_its_default_policy_lets_no_rule_in(workshop: Workshop) -> None:
    made, letters = rule(workshop.aws), workshop.queue()
    letters.open_to("events.amazonaws.com", made.arn)
    topic = workshop.aws.client("sns").create_topic(Name=made.name)["TopicArn"]
    made.targets(topic, DeadLetterConfig={"Arn": letters.arn})

    made.send({})

    assert attributes(letters.message())["ERROR_CODE"] == "NO_PERMISSIONS"


@pytest.mark.parametrize(
    ("detail", "matches"),
    [
        ({}, True),
        ({"job": "sync-batch"}, True),
        ({"job": "another"}, False),
        ({"job": "sync-batch", "environment": "prd"}, False),
        ({"environment": "local"}, True),
        ({"unrelated": {"job": "another"}}, True),
    ],
)
def test_absent_or_equal_patterns(
    workshop: Workshop, detail: dict[str, Any], *, matches: bool
) -> None:
    made, queue = rule_to_queue(
        workshop,
        {
            "detail-type": ["manual-trigger"],
            "detail": {
                "job": ["sync-batch", {"exists": False}],
                "environment": ["local", {"exists": False}],
            },
        },
    )

    made.send(detail)
    made.send({"job": "sync-batch", "last": True})

    arrived = queue.bodies_until(lambda event: "last" in event["detail"])
    assert (detail in [event["detail"] for event in arrived]) == matches


@pytest.mark.parametrize(
    ("detail", "matches"),
    [({"a": 1}, True), ({"b": 2}, True), ({"c": 3}, False), ({}, False)],
)
def test_or_patterns(workshop: Workshop, detail: dict[str, Any], *, matches: bool) -> None:
    either = [{"detail": {"a": [{"exists": True}]}}, {"detail": {"b": [2]}}]
    made, queue = rule_to_queue(workshop, {"$or": either})

    made.send(detail)
    made.send({"a": "last"})

    arrived = queue.bodies_until(lambda event: event["detail"] == {"a": "last"})
    assert (detail in [event["detail"] for event in arrived]) == matches


def test_a_disabled_rule_delivers_nothing_until_enabled(workshop: Workshop) -> None:
    made, queue = rule_to_queue(workshop)
    events = workshop.aws.client("events")

    events.disable_rule(Name=made.name)
    made.send({"while": "disabled"})
    events.enable_rule(Name=made.name)
    made.send({"while": "enabled"})

    assert json.loads(queue.message()["Body"])["detail"] == {"while": "enabled"}
    assert queue.messages() == []


def test_a_rule_with_only_a_schedule_matches_no_event(workshop: Workshop) -> None:
    made, queue = rule(workshop.aws, ScheduleExpression=EVERY_DAY), workshop.queue()
    queue.open_to("events.amazonaws.com", made.arn)
    made.targets(queue.arn)

    made.send({"any": "event"})
    workshop.aws.fire_schedule(made.name)

    assert json.loads(queue.message()["Body"])["detail-type"] == "Scheduled Event"
    assert queue.messages() == []


def test_a_schedule_can_be_fired(workshop: Workshop) -> None:
    function = workshop.function("import json\ndef run(event, context): print(json.dumps(event))")
    made = rule(workshop.aws, ScheduleExpression=EVERY_DAY)
    made.targets(function.arn)
    made.may_invoke(function)

    workshop.aws.fire_schedule(made.name)

    event = json.loads(function.logged("Scheduled Event")[0])
    assert event["source"] == "aws.events"
    assert event["resources"] == [made.arn]
    assert event["detail"] == {}


def test_only_enabled_schedules_can_be_fired(workshop: Workshop) -> None:
    manual = rule(workshop.aws)
    disabled = rule(workshop.aws, ScheduleExpression=EVERY_DAY, State="DISABLED")

    for name, why in (
        ("nobody", "there is no rule nobody"),
        (manual.name, "has no schedule"),
        (disabled.name, "is disabled"),
    ):
        with pytest.raises(LocalAwsError, match=why):
            workshop.aws.fire_schedule(name)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"Input": '{"constant": 1}'}, {"constant": 1}),
        ({"InputPath": "$.detail.items[1]"}, "second"),
        (
            {
                "InputTransformer": {
                    "InputPathsMap": {"name": "$.detail.name", "items": "$.detail.items"},
                    "InputTemplate": '{"hello": "dear <name>", "got": <items>}',
                }
            },
            {"hello": 'dear "Ann"', "got": ["first", "second"]},
        ),
    ],
)
def test_a_target_can_be_sent_something_else(
    workshop: Workshop, settings: dict[str, Any], expected: Any
) -> None:
    made, queue = rule_to_queue(workshop, **settings)

    made.send({"name": '"Ann"', "items": ["first", "second"]})

    assert json.loads(queue.message()["Body"]) == expected


def test_put_events_says_which_entries_it_refused(workshop: Workshop) -> None:
    good = {"Source": "a", "DetailType": "b", "Detail": "{}"}
    without_detail = {"Source": "a", "DetailType": "b"}

    answer = workshop.aws.client("events").put_events(Entries=[good, without_detail])

    assert answer["FailedEntryCount"] == 1
    assert "EventId" in answer["Entries"][0]
    assert answer["Entries"][1]["ErrorCode"] == "InvalidArgument"


def _server_log(aws: LocalAws) -> str:
    return (aws.home / "aws.log").read_text()
