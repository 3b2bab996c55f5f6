"""What an environment's functions are told: a command on this machine does the same."""

from __future__ import annotations

import os

import boto3

from batchworks.errors import SettingsError
from batchworks.settings import Variables
from scripts.environments import REGION, Environment, function_name, lasting_estate

STACK = "nas-sync"


def enter(env: Environment) -> None:
    """Point every AWS client that this process makes from now on at an environment.

    Raises:
        NotRunningError: `local`, and no local AWS is running.
    """
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    os.environ.setdefault("AWS_REGION", os.environ["AWS_DEFAULT_REGION"])
    if env is Environment.LOCAL:
        os.environ.update(lasting_estate(STACK).environment())


def variables(env: Environment, function: str, instead: str) -> Variables:
    """The variables of a deployed function; those of this process come first.

    Args:
        env: the environment, entered.
        function: its exact name.
        instead: variable that is enough where no function is deployed; the function isn't asked
            then.

    Raises:
        SettingsError: nothing is deployed there.
    """
    if os.environ.get(instead):
        return Variables(os.environ, {})
    client, name = boto3.client("lambda"), function_name(function, env)
    try:
        found = client.get_function_configuration(FunctionName=name)
    except client.exceptions.ResourceNotFoundException:
        raise SettingsError(
            f"there is no function {name}: deploy the stack {STACK} to {env}, or set {instead}"
        ) from None
    return Variables(os.environ, found.get("Environment", {}).get("Variables", {}))
