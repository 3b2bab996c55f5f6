"""Decides what a role may do, and writes every decision down."""

from __future__ import annotations

import logging

from scripts.local_aws.account import ACCOUNT, REGION
from scripts.local_aws.iam.conditions import Context, UnsupportedPolicyError
from scripts.local_aws.iam.grants import boundary_of, of_role
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
        "s3:tlsversion": "1.3",
    }


def may(session: Session, action: str, resource: str, context: Context | None = None) -> str | None:
    """Decide whether a role may do something, and record it.

    Returns:
        Why not, as the end of AWS's sentence, or None when it may.
    """
    refusal = refusal_of(session, action, resource, context)
    RECORDS.add(session.role_name, action, resource, allowed=refusal is None)
    return refusal


def refusal_of(
    session: Session, action: str, resource: str, context: Context | None = None
) -> str | None:
    """The same decision without a record: for questions that are no use of the permission."""
    request = Request(action, resource, context={**context_of(session), **(context or {})})
    granted = [each for grant in of_role(session.role_name) for each in grant.statements]
    boundary = boundary_of(session.role_name)
    try:
        verdict = decide(granted, request)
        bounds = Verdict.ALLOWED if boundary is None else decide(boundary, request)
    except UnsupportedPolicyError as unsupported:
        log.warning("refused %s to %s: %s", action, session.role_name, unsupported)
        return f"because {unsupported}"
    return _reason("identity-based policy", verdict, action) or _reason(
        "permissions boundary", bounds, action
    )


def _reason(kind: str, verdict: Verdict, action: str) -> str | None:
    if verdict is Verdict.ALLOWED:
        return None
    if verdict is Verdict.DENIED:
        return f"with an explicit deny in the {kind}"
    return f"because no {kind} allows the {action} action"
