"""Settings of functions: moto forgets dead letters and logging, and ignores some updates.

Terraform would see a difference in every plan.
"""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaFunction

from scripts.local_aws.patching import replace

_make = LambdaFunction.__init__
_describe = LambdaFunction.get_configuration
_describe_code = LambdaFunction.get_code
_update = LambdaFunction.update_configuration


@replace(LambdaFunction)
def __init__(  # noqa: N807  # moto's constructor
    self: Any, account_id: str, spec: dict[str, Any], region: str, version: str | int = 1
) -> None:
    _make(self, account_id, spec, region, version)
    self.dead_letter_config = spec.get("DeadLetterConfig") or {}
    _set_logging(self, spec.get("LoggingConfig") or {})


@replace(LambdaFunction)
def get_configuration(self: Any, on_create: bool = False) -> dict[str, Any]:
    """What moto knows, with dead letters and logging."""
    described: dict[str, Any] = _describe(self, on_create)
    described["LoggingConfig"] = self.logging_config
    if self.dead_letter_config.get("TargetArn"):
        described["DeadLetterConfig"] = self.dead_letter_config
    return described


@replace(LambdaFunction)
def update_configuration(self: Any, config_updates: dict[str, Any]) -> dict[str, Any]:
    """Take over what moto ignores, too."""
    if "DeadLetterConfig" in config_updates:
        self.dead_letter_config = config_updates["DeadLetterConfig"] or {}
    if "LoggingConfig" in config_updates:
        _set_logging(self, config_updates["LoggingConfig"])
    if "TracingConfig" in config_updates:
        self.tracing_config = config_updates["TracingConfig"]
    if "EphemeralStorage" in config_updates:
        self.ephemeral_storage = config_updates["EphemeralStorage"]["Size"]
    return _update(self, config_updates)


@replace(LambdaFunction)
def get_code(self: Any) -> dict[str, Any]:
    """A reserved concurrency of 0 is one, too: moto takes it for none."""
    described: dict[str, Any] = _describe_code(self)
    if self.reserved_concurrency is not None:
        reserved = {"ReservedConcurrentExecutions": self.reserved_concurrency}
        described["Concurrency"] = reserved
    return described


def _set_logging(fn: Any, config: dict[str, Any]) -> None:
    default = {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{fn.function_name}"}
    fn.logging_config = default | config
    fn.logs_group_name = fn.logging_config["LogGroup"]
