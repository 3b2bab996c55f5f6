"""What a target is sent: the event, a part of it, a constant, or a template filled from it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_STEP = re.compile(r"\.([\w-]+)|\[['\"]([^'\"]+)['\"]\]|\[(\d+)\]")
_PLACEHOLDER = re.compile(r"<([\w.-]+)>")


def input_of(target: Mapping[str, Any], event: Mapping[str, Any], rule_arn: str) -> str:
    """The text that a target is sent.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html

    Args:
        target: As PutTargets describes it: `Input`, `InputPath` or `InputTransformer` or none.
        event: The event as targets see it.
    """
    if "Input" in target:
        return str(target["Input"])
    if "InputPath" in target:
        return json.dumps(at(target["InputPath"], event))
    if "InputTransformer" in target:
        return _filled(target["InputTransformer"], event, rule_arn)
    return json.dumps(event)


def at(path: str, event: Any) -> Any:
    """The value at a path such as `$.detail.items[0]`; None where there is none."""
    value = event
    for name, quoted, index in _STEP.findall(path.removeprefix("$")):
        if index:
            value = value[int(index)] if _has_item(value, int(index)) else None
        else:
            value = value.get(name or quoted) if isinstance(value, dict) else None
    return value


def _has_item(value: Any, index: int) -> bool:
    return isinstance(value, list) and index < len(value)


def _filled(transformer: Mapping[str, Any], event: Mapping[str, Any], rule_arn: str) -> str:
    template: str = transformer["InputTemplate"]
    paths = transformer.get("InputPathsMap", {})
    values = {name: at(path, event) for name, path in paths.items()} | {
        "aws.events.rule-arn": rule_arn,
        "aws.events.rule-name": rule_arn.rpartition("/")[2],
        "aws.events.event": event,
        "aws.events.event.json": event,
        "aws.events.event.ingestion-time": event.get("time"),
    }

    def fill(placeholder: re.Match[str]) -> str:
        """Text within quotes, JSON elsewhere."""
        if placeholder[1] not in values:
            return placeholder[0]
        value = values[placeholder[1]]
        quoted = template.count('"', 0, placeholder.start()) % 2 == 1
        if not quoted:
            return json.dumps(value)
        return json.dumps(value if isinstance(value, str) else json.dumps(value))[1:-1]

    return _PLACEHOLDER.sub(fill, template)
