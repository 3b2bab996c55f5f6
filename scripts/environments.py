"""The environments an operator works on, and how this process reaches one of them."""

from __future__ import annotations

import os
from enum import StrEnum

REGION = "ap-northeast-1"


class Environment(StrEnum):
    """What `ENV=` may be."""

    LOCAL = "local"
    DEV = "dev"
    PRD = "prd"


class NotRunningError(Exception):
    """The local estate is asked for but isn't running."""


def enter(environment: Environment) -> None:
    """Point every AWS client that this process makes from now on at the environment.

    Credentials of dev and prd are found as the AWS CLI finds them (AWS_PROFILE, SSO, …).

    Raises:
        NotRunningError: `local`, and `make up` isn't running.
    """
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    if environment is not Environment.LOCAL:
        return
    from scripts.local_estate import estate  # noqa: PLC0415 - dev and prd need no PostgreSQL

    local = estate.running()
    if local is None:
        raise NotRunningError("no local AWS is running: start it with `make up STACK=sync-batch`")
    os.environ.update(local.environment())
