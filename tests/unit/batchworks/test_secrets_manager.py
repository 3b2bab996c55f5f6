"""Secrets are read as plain text or as the JSON that RDS writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from batchworks import logs
from batchworks.errors import SettingsError, TemporaryError
from batchworks.secrets_manager import read_secret

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[SecretsManagerClient]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield boto3.client("secretsmanager")


def stored(client: SecretsManagerClient, text: str) -> str:
    return client.create_secret(Name="some/secret", SecretString=text)["ARN"]


@pytest.mark.parametrize("text", ["plain pass", "{not json", "[1]", '"quoted"', "12345678"])
def test_plain_text_is_taken_as_it_is(client: SecretsManagerClient, text: str) -> None:
    arn = stored(client, text)
    assert read_secret(arn) == text
    assert read_secret(arn, key="password") == text
    assert text not in logs.mask(text)


def test_the_line_break_that_a_shell_leaves_is_no_part_of_it(
    client: SecretsManagerClient,
) -> None:
    assert read_secret(stored(client, "from a file\r\n")) == "from a file"


def test_the_member_of_a_json_object_is_taken(client: SecretsManagerClient) -> None:
    text = json.dumps({"username": "postgres", "password": 'in "json"', "port": 5432})
    assert read_secret(stored(client, text), key="password") == 'in "json"'
    assert "in " not in logs.mask(text)


@pytest.mark.parametrize("text", ['{"username": "postgres"}', '{"password": 5}'])
def test_a_json_object_without_the_member_is_refused(
    client: SecretsManagerClient, text: str
) -> None:
    with pytest.raises(SettingsError, match="without a text 'password'") as raised:
        read_secret(stored(client, text), key="password")
    assert "postgres" not in str(raised.value)


def test_an_empty_secret_is_refused(client: SecretsManagerClient) -> None:
    arn = client.create_secret(Name="binary", SecretBinary=b"x")["ARN"]
    with pytest.raises(SettingsError, match="is empty"):
        read_secret(arn)


@pytest.mark.usefixtures("client")
def test_a_secret_that_is_not_there_is_named_with_the_remedy() -> None:
    arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:gone-AbCdEf"
    with pytest.raises(SettingsError, match=r"secret:gone-AbCdEf can't be read.*check the ARN"):
        read_secret(arn)


def test_a_secrets_manager_out_of_reach_is_temporary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(TemporaryError, match="does the network lead to Secrets Manager"):
        read_secret("arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:some-AbCdEf")
