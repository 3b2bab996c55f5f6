"""What the functions of an environment are told: a command on this machine does the same."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

import boto3

from batchworks.errors import SettingsError
from dynamodb_export import EXPORT
from dynamodb_export import settings as job_settings
from dynamodb_export.errors import NotFoundError, telling
from dynamodb_export.settings import Settings
from scripts.environments import REGION, Environment, function_name, lasting_estate

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

STACK = "dynamodb-export"


def settings(env: Environment) -> Settings:
    """Point this process at an environment and read its settings.

    They are those of the deployed function; variables of this process come first. Where
    BUCKET_NAME is among these, the function isn't asked.

    Args:
        env: the environment.

    Raises:
        SettingsError: one is missing or malformed, or nothing is deployed.
        AwsError: the function can't be asked.
        NotRunningError: `local`, and no local AWS is running.
    """
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    if env is Environment.LOCAL:
        os.environ.update(lasting_estate(STACK).environment())
    own = {"ENVIRONMENT": env.value, **os.environ}
    if own.get("BUCKET_NAME"):
        return job_settings.load(own)
    return job_settings.load({**_variables(boto3.client("lambda"), env), **own})


def _variables(client: LambdaClient, env: Environment) -> Mapping[str, str]:
    name = function_name(EXPORT, env)
    try:
        with telling(f"read the settings of the function {name}"):
            found = client.get_function_configuration(FunctionName=name)
    except NotFoundError as error:
        raise SettingsError(
            f"there is no function {name}: deploy the stack {STACK} to {env}, or give BUCKET_NAME, "
            "AWS_ACCOUNT_ID and TABLES as variables"
        ) from error
    return found.get("Environment", {}).get("Variables", {})
