"""Who signed a request."""

from __future__ import annotations

from flask import Request

from scripts.local_aws.iam.sessions import of_key

_KEY = "Credential="


def role_of(request: Request) -> str | None:
    """The name of the role whose keys a request is signed with; None for keys of no role."""
    signed = request.headers.get("Authorization", "") or request.args.get("X-Amz-Credential", "")
    session = of_key(signed.partition(_KEY)[2].partition("/")[0] or signed.partition("/")[0])
    return session.role_name if session else None
