"""Evaluates IAM policies: pure, without a request or a server.

moto's evaluator ignores `?` and NotResource, takes a met condition of one statement for all, and
denies where a condition is merely not met; roles deserve the real rules:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from scripts.local_aws.iam.conditions import Context, UnsupportedPolicyError, met, pattern

Statement = Mapping[str, Any]


class Verdict(Enum):
    """What a set of statements says."""

    ALLOWED = "allowed"
    DENIED = "explicitly denied"
    UNSAID = "not allowed by any statement"


@dataclass(frozen=True)
class Request:
    """What somebody wants to do.

    Attributes:
        action: `service:Action`.
        resource: ARN, or `*` for actions without a resource.
        principals: Who asks, in the forms a resource policy may name: ARNs, account ids,
            service names such as `events.amazonaws.com`.
        context: Values of condition keys.
    """

    action: str
    resource: str
    principals: frozenset[str] = frozenset()
    context: Context = field(default_factory=dict)


def statements(document: Mapping[str, Any]) -> list[Statement]:
    """The statements of a policy document, which may hold one without a list."""
    content = document.get("Statement", [])
    return content if isinstance(content, list) else [content]


def decide(policy: Iterable[Statement], request: Request) -> Verdict:
    """Evaluate statements: an explicit Deny beats every Allow, silence allows nothing.

    Raises:
        UnsupportedPolicyError: A statement that applies can't be evaluated here.
    """
    effects = {each["Effect"] for each in policy if applies(each, request)}
    if "Deny" in effects:
        return Verdict.DENIED
    return Verdict.ALLOWED if "Allow" in effects else Verdict.UNSAID


def applies(statement: Statement, request: Request) -> bool:
    """Whether a statement, Allow or Deny, speaks about a request.

    Raises:
        UnsupportedPolicyError: It would, if its condition or variables could be evaluated.
    """
    return (
        covers(statement, "Action", request.action, ignore_case=True)
        and _names_principal(statement, request.principals)
        and covers(statement, "Resource", request.resource)
        and met(statement.get("Condition", {}), request.context)
    )


def covers(statement: Statement, element: str, value: str, *, ignore_case: bool = False) -> bool:
    """Whether `Action` or `Resource`, or `NotAction` or `NotResource`, covers a value.

    Raises:
        UnsupportedPolicyError: A pattern holds a policy variable.
    """
    if f"Not{element}" in statement:
        return not _any_like(statement[f"Not{element}"], value, ignore_case=ignore_case)
    return element in statement and _any_like(statement[element], value, ignore_case=ignore_case)


def _any_like(patterns: str | list[str], value: str, *, ignore_case: bool) -> bool:
    listed = [patterns] if isinstance(patterns, str) else patterns
    for each in listed:
        if "${" in each:
            raise UnsupportedPolicyError(f"the policy variable in {each} is not evaluated here")
    return any(pattern(each, ignore_case=ignore_case).fullmatch(value) for each in listed)


def _names_principal(statement: Statement, asking: frozenset[str]) -> bool:
    """Identity policies name nobody: they speak about whoever carries them."""
    if "NotPrincipal" in statement:
        raise UnsupportedPolicyError("NotPrincipal is not evaluated here")
    named = statement.get("Principal")
    if named is None or named == "*":
        return True
    listed = [
        each for value in named.values() for each in ([value] if isinstance(value, str) else value)
    ]
    return any(each == "*" or each in asking for each in listed)
