"""Reads settings by name: environment first, then a file, then a secret, then the default."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from batchworks.errors import SettingsError
from batchworks.logs import hide
from batchworks.secrets_manager import read_secret


@dataclass(frozen=True)
class Variables:
    """Values by name. A value that is empty counts as not given.

    Args:
        environment: values that come first.
        file: values of the settings file.
        place: where a person sets a value, for error messages.
    """

    environment: Mapping[str, str]
    file: Mapping[str, str]
    place: str = "the environment"

    def optional(self, name: str) -> str | None:
        """The value, stripped, or None."""
        for values in (self.environment, self.file):
            if value := values.get(name, "").strip():
                return value
        return None

    def required(self, name: str, meaning: str) -> str:
        """The value.

        Raises:
            SettingsError: it isn't given; the message says what it means and where to set it.
        """
        if (value := self.optional(name)) is None:
            raise SettingsError(f"{name} is not set: give it {meaning}, in {self.place}")
        return value

    def integer(self, name: str, default: int, allowed: range) -> int:
        """The value as a whole number.

        Raises:
            SettingsError: it is no whole number or out of range.
        """
        text = self.optional(name)
        if text is None:
            return default
        try:
            number: int | None = int(text)
        except ValueError:
            number = None
        if number is None or number not in allowed:
            raise SettingsError(
                f"{name} is {text!r}: give a whole number "
                f"from {allowed.start} to {allowed.stop - 1}"
            )
        return number

    def choice(self, name: str, default: str, options: Collection[str]) -> str:
        """The value, which is one of the options.

        Raises:
            SettingsError: it is something else.
        """
        value = self.optional(name) or default
        if value not in options:
            raise SettingsError(f"{name} is {value!r}: give one of {', '.join(options)}")
        return value

    def secret(self, name: str, *, key: str | None = None) -> str:
        """The value itself, else what the secret holds whose ARN is in `<name>_SECRET_ARN`.

        Whatever is found is hidden from all logs.

        Args:
            name: such as `DB_PASSWORD`.
            key: member that is meant where the secret is a JSON object.

        Raises:
            SettingsError: neither is given, or the secret can't be read.
            TemporaryError: Secrets Manager can't be reached.
        """
        if value := self.optional(name):
            hide(value)
            return value
        if arn := self.optional(f"{name}_SECRET_ARN"):
            return read_secret(arn, key=key)
        raise SettingsError(
            f"neither {name} nor {name}_SECRET_ARN is set: give the value itself on a person's "
            f"machine, the ARN of its secret in Lambda, in {self.place}"
        )


def read_variables(environment: Mapping[str, str], default_file: Path) -> Variables:
    """The environment together with the file that `ENV_FILE` names.

    Args:
        environment: such as `os.environ`.
        default_file: the file when `ENV_FILE` isn't set or names the same; may be absent.

    Raises:
        SettingsError: the file can't be read, or it was asked for by hand and isn't there.
    """
    file = Path(environment.get("ENV_FILE") or default_file)
    if file.exists():
        return Variables(environment, _read_file(file), _place(environment, f"{file}"))
    if file != default_file:
        raise SettingsError(f"ENV_FILE is {str(file)!r}: no such file")
    return Variables(environment, {}, _place(environment, f"{file} (copy .env.example)"))


def in_lambda(environment: Mapping[str, str]) -> bool:
    """Whether a process with these variables is a Lambda function.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
    """
    return "AWS_LAMBDA_FUNCTION_NAME" in environment


def _place(environment: Mapping[str, str], file: str) -> str:
    if in_lambda(environment):
        return "the function's environment variables"
    return f"{file} or the environment"


def _read_file(file: Path) -> dict[str, str]:
    from dotenv import dotenv_values  # noqa: PLC0415 - most runs in Lambda have no such file

    try:
        with file.open(encoding="utf-8") as stream:
            values = dotenv_values(stream=stream, interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"the settings file {file} can't be read: {error}") from error
    if bare := [name for name, value in values.items() if value is None]:
        raise SettingsError(f"{bare[0]} in {file} has no value: write {bare[0]}=value")
    return {name: value for name, value in values.items() if value is not None}
