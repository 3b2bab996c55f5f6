"""Decides what a role may do, and writes every decision down."""

from __future__ import annotations

import logging

from scripts.local_aws.account import ACCOUNT, REGION
from scripts.local_aws.iam.conditions import Context, UnsupportedPolicyError
from scripts.local_aws.iam.grants import of_role
from scripts.local_aws.iam.policy import Request, Verdict, decide
from scripts.local_aws.iam.records import RECORDS
from scripts.local_aws.iam.sessions import Session

log = logging.getLogger(__name__)


def context_of(session: Session) -> dict[str, str | None]:
    """Values of the condition keys that every request of a role has.

    `aws:SecureTransport` is true although this is plain HTTP: in AWS it would be TLS.
    """
    return {
        "aws:principalaccount": ACCOUNT,
        "aws:principalarn": session.role,
        "aws:principalisawsservice": "false",
        "aws:requestedregion": REGION,
        "aws:resourceaccount": ACCOUNT,
        "aws:securetransport": "true",
        "aws:sourceaccount": None,
        "aws:sourcearn": None,
        "aws:viaawsservice": "false",
        "lambda:sourcefunctionarn": session.function,
    }


def may(session: Session, action: str, resource: str, context: Context | None = None) -> str | None:
    """Decide whether a role may do something, and record it.

    Returns:
        Why not, as the end of AWS's sentence, or None when it may.
    """
    refusal = _refusal(session, action, resource, {**context_of(session), **(context or {})})
    RECORDS.add(session.role_name, action, resource, allowed=refusal is None)
    return refusal


def _refusal(session: Session, action: str, resource: str, context: Context) -> str | None:
    granted = [each for grant in of_role(session.role_name) for each in grant.statements]
    try:
        verdict = decide(granted, Request(action, resource, context=context))
    except UnsupportedPolicyError as unsupported:
        log.warning("refused %s to %s: %s", action, session.role_name, unsupported)
        return f"because {unsupported}"
    if verdict is Verdict.ALLOWED:
        return None
    if verdict is Verdict.DENIED:
        return "with an explicit deny in an identity-based policy"
    return f"because no identity-based policy allows the {action} action"
