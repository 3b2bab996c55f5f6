"""The environments an operator works on, and how this process reaches one of them."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.local_estate.estate import Estate

REGION = "ap-northeast-1"


class Environment(StrEnum):
    """What `ENV=` may be."""

    LOCAL = "local"
    DEV = "dev"
    PRD = "prd"


def function_name(job: str, environment: Environment) -> str:
    """The name of a job's function, with which the names of its rules, queue and alarms begin.

    sync-batch carries its environment always; the others only where two share an account.
    """
    exact = job != "sync-batch" and environment is not Environment.DEV
    return job if exact else f"{job}-{environment}"


class NotRunningError(Exception):
    """The local estate is asked for but isn't running."""


def enter(environment: Environment) -> None:
    """Point every AWS client that this process makes from now on at the environment.

    Credentials of dev and prd are found as the AWS CLI finds them (AWS_PROFILE, SSO, …).

    Raises:
        NotRunningError: `local`, and `make up` isn't running.
    """
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    if environment is Environment.LOCAL:
        os.environ.update(lasting_estate("sync-batch").environment())


def lasting_estate(stack: str) -> Estate:
    """The estate that `make up` left running.

    Args:
        stack: the one that is asked for, which the message names.

    Raises:
        NotRunningError: none is running.
    """
    from scripts.local_estate import estate  # noqa: PLC0415 - dev and prd need no PostgreSQL

    running = estate.running()
    if running is None:
        raise NotRunningError(f"no local AWS is running: start it with `make up STACK={stack}`")
    return running
