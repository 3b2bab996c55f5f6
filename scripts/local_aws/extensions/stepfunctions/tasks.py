"""Tasks: moto passes names and values on as they are written, where AWS translates.

In a state machine every parameter and every field of an answer begins with a capital, whatever the
service calls it, and times are text: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from botocore.model import ListShape, StructureShape
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_aws_sdk import (  # noqa: E501  # moto's name
    StateTaskServiceAwsSdk,
)

from scripts.local_aws.extensions.stepfunctions.clients import client_of
from scripts.local_aws.patching import replace


@replace(StateTaskServiceAwsSdk)
def _eval_service_task(
    self: Any,
    env: Any,
    resource_runtime_part: Any,
    normalised_parameters: dict[str, Any],
    state_credentials: Any,
) -> None:
    """Call the action that the task's resource names."""
    service = self._get_boto_service_name()
    client = client_of(resource_runtime_part.region, service, state_credentials)
    method = self._get_boto_service_action()
    operation = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method])
    parameters = _asked(normalised_parameters, operation.input_shape)
    answer = _answered(getattr(client, method)(**parameters), operation.output_shape)
    env.stack.append(json.loads(json.dumps(answer, default=_text)))


def _asked(value: Any, shape: Any) -> Any:
    """Parameters by the names that the service knows them by."""
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_asked(each, shape.member) for each in value]
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        members: dict[str, Any] = dict(shape.members)
        names = {_capital(name): name for name in members}
        known = {names.get(_capital(key), str(key)): each for key, each in value.items()}
        return {name: _asked(each, members.get(name)) for name, each in known.items()}
    return value


def _answered(value: Any, shape: Any) -> Any:
    """Fields of an answer by the names that state machines know them by."""
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_answered(each, shape.member) for each in value]
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        known = {name: value[name] for name in shape.members if name in value}
        return {_capital(name): _answered(known[name], shape.members[name]) for name in known}
    return value.read().decode() if hasattr(value, "read") else value


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(value)
