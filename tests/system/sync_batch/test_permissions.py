"""The role may do what runs need and nothing else; a permission that is missing is missed."""

import pytest

from tests.system.role import Role
from tests.system.sync_batch.system import FUNCTION, SyncBatch
from tests.system.system import eventually


def role(system: SyncBatch) -> Role:
    return Role(system.aws, FUNCTION)


def test_every_permission_is_used_by_the_code_or_by_lambda_itself(system: SyncBatch) -> None:
    system.follow(system.put_event({}))
    system.invoke()
    system.send("poison")
    eventually(system.dead_letters, "the poison event is in the dead-letter queue")
    assert role(system).granted() <= role(system).used()


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
    with role(system).without(action):
        answer = system.invoke()
    assert answer.failed
    assert told in answer.message
    assert system.invoke().payload["outcome"] == "complete"


def test_without_listing_a_missing_file_looks_forbidden(system: SyncBatch) -> None:
    with role(system).without("s3:ListBucket"):
        answer = system.invoke()
    assert answer.failed
    assert "s3:ListBucket" in answer.message


def test_without_the_queue_a_poison_event_is_lost(system: SyncBatch) -> None:
    with role(system).without("sqs:SendMessage"):
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
    with role(system).without(action):
        assert system.invoke().payload["outcome"] == "complete"
        assert len(system.log()) == before


def refusals(system: SyncBatch, action: str) -> int:
    return sum(
        record.count
        for record in system.aws.iam_records()
        if record.action == action and not record.allowed
    )
