"""Which grants of each role were used: what was never used is too much, or untested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from scripts.local_aws.iam.policy import covers
from scripts.local_aws.iam.records import IamRecord


@dataclass(frozen=True)
class Use:
    """One action that a statement allows, and how often a role made use of it.

    Attributes:
        sid: The statement's Sid, or its number in the policy.
        action: As the statement writes it.
    """

    role: str
    policy: str
    sid: str
    action: str
    count: int


def uses(records: Iterable[IamRecord], grants: Iterable[Mapping[str, Any]]) -> Iterator[Use]:
    """Match what roles did with what allows it, in the order of the grants.

    Args:
        grants: `{"role": …, "policy": …, "statements": […]}`, as `GET /_local/iam` answers them.
    """
    allowed = [record for record in records if record.allowed]
    for grant in grants:
        done = [record for record in allowed if record.role == grant["role"]]
        for number, statement in enumerate(grant["statements"], 1):
            if statement["Effect"] != "Allow":
                continue
            sid = str(statement.get("Sid", number))
            for action in _actions(statement):
                count = sum(each.count for each in done if _allows(statement, action, each))
                yield Use(grant["role"], grant["policy"], sid, action, count)


def denials(records: Iterable[IamRecord]) -> Iterator[IamRecord]:
    """What roles were kept from doing."""
    return (record for record in records if not record.allowed)


def _actions(statement: Mapping[str, Any]) -> list[str]:
    actions = statement.get("Action", [])
    return [actions] if isinstance(actions, str) else actions


def _allows(statement: Mapping[str, Any], action: str, record: IamRecord) -> bool:
    return covers({"Action": action}, "Action", record.action, ignore_case=True) and covers(
        statement, "Resource", record.resource
    )
