"""Settings come from the environment, a file, a secret or a default, in this order."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from batchworks import logs
from batchworks.errors import SettingsError
from batchworks.settings import Variables, read_variables

NONE = Path("/nonexistent/.env")
VALUES = st.none() | st.sampled_from(["", " ", "\t"]) | st.text("abc\"'=# ", min_size=1)


@pytest.fixture
def secret_arn(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-northeast-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("secretsmanager")
        yield client.create_secret(Name="password", SecretString="from the secret")["ARN"]


@given(environment=VALUES, file=VALUES)
def test_environment_then_file_then_default(environment: str | None, file: str | None) -> None:
    values = Variables(
        {} if environment is None else {"NAME": environment}, {} if file is None else {"NAME": file}
    )
    given_ones = [value.strip() for value in (environment, file) if value and value.strip()]
    assert values.optional("NAME") == (given_ones[0] if given_ones else None)


@pytest.mark.parametrize(
    ("environment", "file", "expected"),
    [("by hand", "in file", "by hand"), ("", "in file", "in file"), ("", "", "from the secret")],
)
def test_a_secret_is_asked_for_last(
    secret_arn: str, environment: str, file: str, expected: str
) -> None:
    values = Variables(
        {"DB_PASSWORD": environment, "DB_PASSWORD_SECRET_ARN": secret_arn}, {"DB_PASSWORD": file}
    )
    assert values.secret("DB_PASSWORD") == expected
    assert expected not in logs.mask(f"it is {expected}!")


def test_a_secret_that_is_nowhere_names_both_ways() -> None:
    with pytest.raises(SettingsError, match="neither DB_PASSWORD nor DB_PASSWORD_SECRET_ARN"):
        Variables({}, {}).secret("DB_PASSWORD")


def test_a_missing_value_is_named() -> None:
    with pytest.raises(SettingsError, match="DB_HOST is not set: give it the server's address"):
        Variables({}, {}).required("DB_HOST", "the server's address")


def test_what_is_missing_is_told_with_the_place_to_set_it(tmp_path: Path) -> None:
    file = tmp_path / ".env.dev"
    with pytest.raises(SettingsError, match=r"in .*\.env\.dev \(copy \.env\.example\) or the env"):
        read_variables({}, file).required("DB_HOST", "an address")
    file.write_text("DB_NAME=any\n")
    with pytest.raises(SettingsError, match=r"in .*/\.env\.dev or the environment$"):
        read_variables({}, file).required("DB_HOST", "an address")
    with pytest.raises(SettingsError, match=r"its secret in Lambda, in .*\.env\.dev or the env"):
        read_variables({}, file).secret("DB_PASSWORD")
    in_lambda = read_variables({"AWS_LAMBDA_FUNCTION_NAME": "any"}, file)
    with pytest.raises(
        SettingsError, match=r"an address, in the function's environment variables$"
    ):
        in_lambda.required("DB_HOST", "an address")


@given(st.integers(1, 64))
def test_a_whole_number_in_range_is_taken(number: int) -> None:
    assert Variables({"N": f" {number} "}, {}).integer("N", 8, range(1, 65)) == number


@given(st.one_of(st.integers(max_value=0), st.integers(min_value=65)).map(str) | st.text("x.-"))
def test_any_other_number_is_refused_by_name(text: str) -> None:
    if text.strip():
        with pytest.raises(SettingsError, match=r"^N is .*: give a whole number from 1 to 64$"):
            Variables({"N": text}, {}).integer("N", 8, range(1, 65))


def test_a_number_that_is_not_given_is_the_default() -> None:
    assert Variables({}, {}).integer("N", 8, range(1, 65)) == 8


def test_a_choice_is_one_of_its_options() -> None:
    values = Variables({"LOG_LEVEL": "LOUD"}, {})
    assert Variables({}, {}).choice("LOG_LEVEL", "INFO", ("INFO", "DEBUG")) == "INFO"
    with pytest.raises(SettingsError, match="LOG_LEVEL is 'LOUD': give one of INFO, DEBUG"):
        values.choice("LOG_LEVEL", "INFO", ("INFO", "DEBUG"))


def test_the_file_that_env_file_names_is_read(tmp_path: Path) -> None:
    file = tmp_path / ".env.dev"
    file.write_text(
        "# a comment\nDB_HOST=db.example  # where\nexport DB_NAME='shiro gane'\nPLAIN=a$b${HOME}\n"
    )
    values = read_variables({"ENV_FILE": str(file), "DB_NAME": "other"}, NONE)
    assert values.optional("DB_HOST") == "db.example"
    assert values.optional("DB_NAME") == "other"
    assert values.optional("PLAIN") == "a$b${HOME}"


def test_the_default_file_may_be_absent() -> None:
    assert read_variables({}, NONE).optional("DB_HOST") is None
    assert read_variables({"ENV_FILE": str(NONE)}, NONE).optional("DB_HOST") is None


def test_a_file_asked_for_by_hand_has_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"ENV_FILE is '.*mistyped': no such file"):
        read_variables({"ENV_FILE": str(tmp_path / "mistyped")}, NONE)


def test_a_line_without_value_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("DB_HOST\n")
    with pytest.raises(SettingsError, match=r"DB_HOST in .* has no value: write DB_HOST=value"):
        read_variables({}, file)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"DB_HOST=\xff\xfe")
    with pytest.raises(SettingsError, match=r"the settings file .*\.env can't be read"):
        read_variables({}, file)
    with pytest.raises(SettingsError, match="can't be read"):
        read_variables({}, tmp_path)
