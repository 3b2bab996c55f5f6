"""What a role has been granted, read from moto's IAM."""

from __future__ import annotations

import json
from dataclasses import dataclass

from moto.iam.exceptions import NotFoundException
from moto.iam.models import ManagedPolicy, Role, iam_backends

from scripts.local_aws.account import ACCOUNT, PARTITION
from scripts.local_aws.iam.policy import Request, Statement, Verdict, decide, statements


@dataclass(frozen=True)
class Grant:
    """One policy of a role, inline or attached.

    Attributes:
        role: Name of the role.
        policy: Name of the policy.
        statements: As written in it.
    """

    role: str
    policy: str
    statements: list[Statement]


def of_role(role: str) -> list[Grant]:
    """Every policy of a role.

    Args:
        role: Its name. A role that doesn't exist has none.
    """
    backend = iam_backends[ACCOUNT][PARTITION]
    try:
        inline = [backend.get_role_policy(role, name) for name in backend.list_role_policies(role)]
        attached, _ = backend.list_attached_role_policies(role)
    except NotFoundException:
        return []
    documents = [(name, document) for name, document in inline]
    documents += [(each.name, _current(each)) for each in attached]
    return [Grant(role, name, statements(json.loads(text))) for name, text in documents]


def all_roles() -> list[Grant]:
    """Every policy of every role."""
    roles = iam_backends[ACCOUNT][PARTITION].get_roles()
    return [grant for role in roles for grant in of_role(role.name)]


def boundary_of(role: str) -> list[Statement] | None:
    """The statements of a role's permissions boundary; None without one.

    A boundary that doesn't exist allows nothing.
    """
    found = _role(role)
    if found is None or not found.permissions_boundary_arn:
        return None
    known = iam_backends[ACCOUNT][PARTITION].managed_policies
    policy = known.get(found.permissions_boundary_arn)
    return statements(json.loads(_current(policy))) if policy else []


def trusts(role: str, service: str, source: str | None = None) -> bool:
    """Whether a role's trust policy lets an AWS service assume it; True if there is no role.

    Args:
        source: ARN of what the service would act for, where it tells that.
    """
    found = _role(role)
    if found is None:
        return True
    trust = statements(json.loads(found.assume_role_policy_document))
    everywhere = [{"Resource": "*", **each} for each in trust]
    context = {"aws:sourceaccount": ACCOUNT, "aws:sourcearn": source}
    request = Request("sts:AssumeRole", "*", frozenset([service]), context if source else {})
    return decide(everywhere, request) is Verdict.ALLOWED


def _role(name: str) -> Role | None:
    try:
        return iam_backends[ACCOUNT][PARTITION].get_role(name)
    except NotFoundException:
        return None


def _current(policy: ManagedPolicy) -> str:
    return next(str(each.document) for each in policy.versions if each.is_default)
