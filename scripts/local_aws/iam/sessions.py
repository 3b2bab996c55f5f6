"""Temporary keys of roles: who gets them, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from moto.sts.models import sts_backends

from scripts.local_aws.account import ACCOUNT, PARTITION, REGION


@dataclass(frozen=True)
class Keys:
    """Temporary credentials of a role."""

    access_key_id: str
    secret_access_key: str
    session_token: str


@dataclass(frozen=True)
class Session:
    """Whoever calls with a role's keys.

    Attributes:
        role: ARN of the role.
        name: Name of the session; the function's name for a function.
        function: ARN, without a version, of the function whose code runs with these keys; None
            when AWS itself acts for the role.
    """

    role: str
    name: str
    function: str | None = None

    @property
    def role_name(self) -> str:
        """The role's name without its path."""
        return self.role.rsplit("/", 1)[-1]

    @property
    def arn(self) -> str:
        """As AWS names the caller in its messages."""
        return f"arn:{PARTITION}:sts::{ACCOUNT}:assumed-role/{self.role_name}/{self.name}"


_SESSIONS: dict[str, Session] = {}


def begin(session: Session, function: str | None = None) -> Keys:
    """Issue keys of a role to whoever works with it: a function's process, a state machine.

    Args:
        function: ARN of the function, without a version.
    """
    assumed = sts_backends[ACCOUNT][PARTITION].assume_role(
        region_name=REGION,
        role_session_name=session.name,
        role_arn=session.role,
        policy="",
        duration=12 * 60 * 60,
        external_id="",
    )
    _SESSIONS[assumed.access_key_id] = replace(session, function=function)
    return Keys(assumed.access_key_id, assumed.secret_access_key, assumed.session_token)


def of_key(access_key_id: str) -> Session | None:
    """The session that a key belongs to; None for keys of no role, such as the operator's."""
    if known := _SESSIONS.get(access_key_id):
        return known
    if not access_key_id.startswith("ASIA"):  # AWS's prefix of temporary keys
        return None
    backend = sts_backends[ACCOUNT][PARTITION]
    assumed = backend.get_assumed_role_from_access_key(access_key_id)
    return Session(assumed.role_arn, assumed.session_name) if assumed else None
