"""Definitions: moto knows no `ValidateStateMachineDefinition`, and accepts targets that are none.

Its grammar refuses a `ToleratedFailurePercentage` without a decimal point.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.parser.api import InvalidDefinition
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.models import StepFunctionsParserBackend
from moto.stepfunctions.responses import StepFunctionResponse

from scripts.local_aws.patching import add, replace

_LARGEST = 1024 * 1024  # bytes of a definition

_parse = AmazonStateLanguageParser.parse
_validate = StepFunctionsParserBackend._validate_definition


def _parsed(definition: str) -> Any:
    return _parse(json.dumps(_with_decimals(json.loads(definition)), ensure_ascii=False))


replace(AmazonStateLanguageParser, "parse")(staticmethod(_parsed))


def _with_decimals(node: Any) -> Any:
    if isinstance(node, list):
        return [_with_decimals(each) for each in node]
    if not isinstance(node, dict):
        return node
    return {
        key: float(value) if key == "ToleratedFailurePercentage" else _with_decimals(value)
        for key, value in node.items()
    }


def _validated(definition: str) -> None:
    for problem in _problems(definition):
        raise InvalidDefinition(message=f"Invalid State Machine Definition: '{problem}'")
    _validate(definition)


replace(StepFunctionsParserBackend, "_validate_definition")(staticmethod(_validated))


@add(StepFunctionResponse)
def validate_state_machine_definition(self: Any) -> ActionResult:
    """Say what is wrong with a definition."""
    try:
        _validated(self._get_param("definition"))
    except InvalidDefinition as invalid:
        diagnostic = {
            "severity": "ERROR",
            "code": "SCHEMA_VALIDATION_FAILED",
            "message": str(invalid.message),
        }
        return ActionResult({"result": "FAIL", "diagnostics": [diagnostic], "truncated": False})
    return ActionResult({"result": "OK", "diagnostics": [], "truncated": False})


def _problems(definition: str) -> Iterator[str]:
    if len(definition.encode()) > _LARGEST:
        yield f"DEFINITION_TOO_LARGE: more than {_LARGEST} bytes"
    try:
        machine = json.loads(definition)
    except ValueError as error:
        yield f"INVALID_JSON_DESCRIPTION: {error}"
    else:
        yield from _missing(machine, "")


def _missing(machine: dict[str, Any], path: str) -> Iterator[str]:
    """Where a machine, or one within it, goes to states that it doesn't have."""
    states: dict[str, Any] = machine.get("States", {})
    targets = {f"{path}/StartAt": machine.get("StartAt")}
    for name, state in states.items():
        at = f"{path}/States/{name}"
        targets |= dict(_targets(state, at))
        for inner in _machines(state):
            yield from _missing(inner, at)
    for where, target in targets.items():
        if target not in states:
            yield f"MISSING_TRANSITION_TARGET: there is no state {target} at {where}"
    for alone in states.keys() - set(targets.values()):
        yield f"MISSING_TRANSITION_TARGET: state {alone} is not reachable at {path}/States/{alone}"


def _targets(state: dict[str, Any], at: str) -> Iterator[tuple[str, Any]]:
    for key in ("Next", "Default"):
        if key in state:
            yield f"{at}/{key}", state[key]
    for key in ("Catch", "Choices"):
        for number, each in enumerate(state.get(key, [])):
            yield f"{at}/{key}[{number}]/Next", each.get("Next")


def _machines(state: dict[str, Any]) -> list[dict[str, Any]]:
    named = (state.get("ItemProcessor"), state.get("Iterator"))
    return [each for each in (*named, *state.get("Branches", [])) if each]
