"""What a role may do, as it stands and with an action less."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from scripts.local_aws import LocalAws

POLICY = "given-access"

Statement = dict[str, Any]


@dataclass(frozen=True)
class Role:
    """A role that a stack has made, by its name and that of its policy."""

    aws: LocalAws
    name: str
    policy: str = POLICY

    def statements(self) -> list[Statement]:
        """The statements of its policy."""
        found: list[Statement] = self._iam().get_role_policy(
            RoleName=self.name, PolicyName=self.policy
        )["PolicyDocument"]["Statement"]
        return found

    def granted(self) -> set[str]:
        """The actions it is allowed."""
        return {
            action
            for statement in self.statements()
            for action in statement["Action"]
            if statement["Effect"] == "Allow"
        }

    def used(self) -> set[str]:
        """The actions it was asked about so far, whoever asked."""
        return {record.action for record in self.aws.iam_records() if record.role == self.name}

    @contextmanager
    def without(self, action: str) -> Iterator[None]:
        """Take one action out of its policy, and put it back."""
        whole = self.statements()
        kept = [
            {**statement, "Action": [each for each in statement["Action"] if each != action]}
            for statement in whole
            if statement["Effect"] == "Allow"
        ]
        self._put([statement for statement in kept if statement["Action"]])
        try:
            yield
        finally:
            self._put(whole)

    def _put(self, statements: list[Statement]) -> None:
        document = {"Version": "2012-10-17", "Statement": statements}
        self._iam().put_role_policy(
            RoleName=self.name, PolicyName=self.policy, PolicyDocument=json.dumps(document)
        )

    def _iam(self) -> Any:
        return self.aws.client("iam")
