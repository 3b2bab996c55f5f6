"""The policy of the controller's role, whole and with an action less."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.system.efs_autoscaler.system import FUNCTION, EfsAutoscaler

NAME = "given-access"

Document = dict[str, Any]


def allowed(statement: Document) -> list[str]:
    """The actions that a statement allows."""
    return list(statement["Action"]) if statement["Effect"] == "Allow" else []


def policy(system: EfsAutoscaler) -> Document:
    document: Document = system.client("iam").get_role_policy(RoleName=FUNCTION, PolicyName=NAME)[
        "PolicyDocument"
    ]
    return document


@contextmanager
def without(system: EfsAutoscaler, action: str) -> Iterator[None]:
    """Take one action out of the role's policy, and put it back."""

    def put(document: Document) -> None:
        system.client("iam").put_role_policy(
            RoleName=FUNCTION, PolicyName=NAME, PolicyDocument=json.dumps(document)
        )

    whole = policy(system)
    kept = [
        {**statement, "Action": [each for each in statement["Action"] if each != action]}
        for statement in whole["Statement"]
        if statement["Effect"] == "Allow"
    ]
    put({**whole, "Statement": [statement for statement in kept if statement["Action"]]})
    try:
        yield
    finally:
        put(whole)
