"""The role may do what runs need and nothing else; a permission that is missing is missed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.system.sync_batch.system import FUNCTION, SyncBatch
from tests.system.system import eventually

POLICY = "given-access"


def allowed(statement: dict[str, object]) -> list[str]:
    actions = statement["Action"] if statement["Effect"] == "Allow" else []
    return [actions] if isinstance(actions, str) else list(actions)  # type: ignore[call-overload]


def policy(system: SyncBatch) -> dict[str, list[dict[str, object]]]:
    document: dict[str, list[dict[str, object]]] = system.client("iam").get_role_policy(
        RoleName=FUNCTION, PolicyName=POLICY
    )["PolicyDocument"]
    return document


@contextmanager
def without(system: SyncBatch, action: str) -> Iterator[None]:
    """Take one action out of the role's policy, and put it back."""

    def put(document: object) -> None:
        system.client("iam").put_role_policy(
            RoleName=FUNCTION, PolicyName=POLICY, PolicyDocument=json.dumps(document)
        )

    whole = policy(system)
    kept = [
        {**statement, "Action": [each for each in allowed(statement) if each != action]}
        for statement in whole["Statement"]
        if statement["Effect"] == "Allow"
    ]
    put({**whole, "Statement": [statement for statement in kept if statement["Action"]]})
    try:
        yield
    finally:
        put(whole)


def test_every_permission_is_used_by_the_code_or_by_lambda_itself(system: SyncBatch) -> None:
    system.follow(system.put_event({}))
    system.invoke()
    system.send("poison")
    eventually(system.dead_letters, "the poison event is in the dead-letter queue")
    used = {record.action for record in system.aws.iam_records() if record.role == FUNCTION}
    granted = {action for statement in policy(system)["Statement"] for action in allowed(statement)}
    assert granted <= used


def test_every_call_of_a_run_was_allowed(system: SyncBatch) -> None:
    before = {record for record in system.aws.iam_records() if not record.allowed}
    system.invoke()
    assert {record for record in system.aws.iam_records() if not record.allowed} == before


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("secretsmanager:GetSecretValue", "secretsmanager:GetSecretValue"),
        ("s3:PutObject", "s3:PutObject"),
        ("s3:GetObject", "s3:GetObject"),
    ],
)
def test_without_a_permission_the_run_fails_and_names_it(
    system: SyncBatch, action: str, told: str
) -> None:
    system.invoke()  # the day's files are there, to be read and united
    with without(system, action):
        answer = system.invoke()
    assert answer.failed
    assert told in answer.message
    assert system.invoke().payload["outcome"] == "complete"


def test_without_listing_a_missing_file_looks_forbidden(system: SyncBatch) -> None:
    with without(system, "s3:ListBucket"):
        answer = system.invoke()
    assert answer.failed
    assert "s3:ListBucket" in answer.message


def test_without_the_queue_a_poison_event_is_lost(system: SyncBatch) -> None:
    with without(system, "sqs:SendMessage"):
        before = refusals(system, "sqs:SendMessage")
        system.send("poison")
        eventually(
            lambda: refusals(system, "sqs:SendMessage") > before, "Lambda tried to dead-letter it"
        )
    assert system.dead_letters() == []


@pytest.mark.parametrize("action", ["logs:CreateLogStream", "logs:PutLogEvents"])
def test_without_a_log_permission_nothing_is_logged(system: SyncBatch, action: str) -> None:
    system.kill_handlers()  # a new process would need a new stream
    eventually(lambda: not system.handlers(), "no handler is left")
    before = len(system.log())
    with without(system, action):
        assert system.invoke().payload["outcome"] == "complete"
        assert len(system.log()) == before


def refusals(system: SyncBatch, action: str) -> int:
    return sum(
        record.count
        for record in system.aws.iam_records()
        if record.action == action and not record.allowed
    )
