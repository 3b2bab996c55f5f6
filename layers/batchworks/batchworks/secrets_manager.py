"""Reads secrets from AWS Secrets Manager."""

from __future__ import annotations

import json

from batchworks.errors import SettingsError, TemporaryError
from batchworks.logs import hide


def read_secret(arn: str, *, key: str | None = None) -> str:
    """Read a secret's current value and hide it from all logs.

    Args:
        arn: the secret's ARN.
        key: where the secret is a JSON object, the member that is meant. RDS writes its managed
            passwords as `{"username": …, "password": …}`. A plain string is taken as it is, without
            the line break that a shell leaves at its end.

    Raises:
        SettingsError: no such secret, no permission, or nothing usable in it.
        TemporaryError: Secrets Manager can't be reached.
    """
    import boto3  # noqa: PLC0415 - 200 ms that a run with secrets in its environment needn't pay
    from botocore.config import Config  # noqa: PLC0415
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    config = Config(connect_timeout=5, read_timeout=10, retries={"mode": "standard"})
    try:
        client = boto3.client("secretsmanager", config=config)
        answer = client.get_secret_value(SecretId=arn)
    except ClientError as error:
        reason = error.response["Error"]
        raise _refused(arn, reason["Code"], reason["Message"]) from error
    except BotoCoreError as error:
        raise TemporaryError(
            f"secret {arn} can't be read: {error}. Are there credentials and a region, and does "
            "the network lead to Secrets Manager (NAT gateway or VPC endpoint)?"
        ) from error
    text = answer.get("SecretString", "")
    hide(text)
    value = (text if key is None else _member(text, key, arn)).rstrip("\r\n")
    if not value.strip():
        raise SettingsError(f"secret {arn} is empty: put its value with `aws secretsmanager`")
    hide(value)
    return value


def _refused(arn: str, code: str, message: str) -> SettingsError:
    remedies = {
        "ResourceNotFoundException": "check the ARN and the region, or create the secret",
        "AccessDeniedException": "allow secretsmanager:GetSecretValue on it for this role",
        "DecryptionFailure": "allow kms:Decrypt on the secret's key for this role",
        "ExpiredTokenException": "log in to AWS again",
        "UnrecognizedClientException": "log in to AWS again",
    }
    remedy = remedies.get(code, "check the secret and this role's permissions")
    return SettingsError(f"secret {arn} can't be read ({code}: {message}): {remedy}")


def _member(text: str, key: str, arn: str) -> str:
    try:
        content = json.loads(text)
    except ValueError:
        return text
    if not isinstance(content, dict):
        return text
    value = content.get(key)
    if not isinstance(value, str):
        raise SettingsError(f"secret {arn} is a JSON object without a text {key!r}: add one")
    return value
