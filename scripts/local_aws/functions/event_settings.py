"""How functions want their asynchronous events treated: by function and qualifier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_LONGEST_AGE = 6 * 60 * 60
_LATEST = "$LATEST"


@dataclass(frozen=True)
class EventSettings:
    """One event invoke configuration, with AWS's defaults for what it leaves out.

    https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html

    Attributes:
        retries: After the first execution.
        longest_age: Seconds after which an event is given up.
        on_success: ARN that gets a record of every success, or None.
        on_failure: ARN that gets a record of every event given up, or None.
    """

    retries: int = 2
    longest_age: int = _LONGEST_AGE
    on_success: str | None = None
    on_failure: str | None = None


_CONFIGURED: dict[tuple[str, str], dict[str, Any]] = {}


def put(function: str, qualifier: str | None, config: dict[str, Any]) -> None:
    """Keep a configuration, in the form of the API."""
    _CONFIGURED[function, qualifier or _LATEST] = config


def get(function: str, qualifier: str | None) -> dict[str, Any] | None:
    """The configuration of a qualifier, in the form of the API."""
    return _CONFIGURED.get((function, qualifier or _LATEST))


def remove(function: str, qualifier: str | None) -> None:
    """Forget the configuration of a qualifier."""
    _CONFIGURED.pop((function, qualifier or _LATEST), None)


def remove_all(function: str) -> None:
    """Forget a function."""
    for key in [key for key in _CONFIGURED if key[0] == function]:
        del _CONFIGURED[key]


def of_function(function: str) -> Iterator[dict[str, Any]]:
    """All configurations of a function."""
    return (config for (name, _), config in _CONFIGURED.items() if name == function)


def settings_of(arn: str) -> EventSettings:
    """The settings for events that were sent to an ARN: those of its very qualifier."""
    _, _, _, _, _, _, name, *qualifier = arn.split(":")
    config = get(name, qualifier[0] if qualifier else None) or {}
    destinations = config.get("DestinationConfig") or {}
    return EventSettings(
        retries=config.get("MaximumRetryAttempts", EventSettings.retries),
        longest_age=config.get("MaximumEventAgeInSeconds", EventSettings.longest_age),
        on_success=(destinations.get("OnSuccess") or {}).get("Destination") or None,
        on_failure=(destinations.get("OnFailure") or {}).get("Destination") or None,
    )
