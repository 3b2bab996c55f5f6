"""Settings for asynchronous events: moto has one per function, and shows the first one put.

AWS has one for each version and alias; see `scripts.local_aws.functions.event_settings`.
"""

from __future__ import annotations

import json
import time
from typing import Any

from moto.awslambda.exceptions import UnknownEventConfig
from moto.awslambda.models import EventInvokeConfig
from moto.awslambda.responses import LambdaResponse

from scripts.local_aws.extensions.awslambda.names import arn, parts
from scripts.local_aws.functions import event_settings
from scripts.local_aws.functions.function import qualified
from scripts.local_aws.functions.invocations import find
from scripts.local_aws.patching import replace

Answer = tuple[int, dict[str, Any], str]


@replace(LambdaResponse)
def put_function_event_invoke_config(self: LambdaResponse) -> Answer:
    """Keep the configuration of a qualifier, in the place of an earlier one."""
    return _put(self, self.json_body)


@replace(LambdaResponse)
def update_function_event_invoke_config(self: LambdaResponse) -> Answer:
    """Change what the request names and keep the rest."""
    return _put(self, _existing(self) | self.json_body)


@replace(LambdaResponse)
def get_function_event_invoke_config(self: LambdaResponse) -> Answer:
    """The configuration of a qualifier."""
    return _answer(200, _existing(self))


@replace(LambdaResponse)
def delete_function_event_invoke_config(self: LambdaResponse) -> Answer:
    """Forget the configuration of a qualifier."""
    _existing(self)
    event_settings.remove(*parts(self))
    return _answer(204, {})


@replace(LambdaResponse)
def list_function_event_invoke_configs(self: LambdaResponse) -> Answer:
    """The configurations of all qualifiers of a function."""
    name, _ = parts(self)
    return _answer(200, {"FunctionEventInvokeConfigs": list(event_settings.of_function(name))})


def _put(request: LambdaResponse, config: dict[str, Any]) -> Answer:
    find(arn(request))
    name, qualifier = parts(request)
    described = EventInvokeConfig(qualified(arn(request)), "", config).response()
    described["LastModified"] = time.time()
    event_settings.put(name, qualifier, described)
    return _answer(200, described)


def _existing(request: LambdaResponse) -> dict[str, Any]:
    config = event_settings.get(*parts(request))
    if config is None:
        raise UnknownEventConfig(qualified(arn(request)))
    return config


def _answer(status: int, body: dict[str, Any]) -> Answer:
    return status, {"status": status, "Content-Type": "application/json"}, json.dumps(body)
