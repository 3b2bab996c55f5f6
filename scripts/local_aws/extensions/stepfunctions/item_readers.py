"""Item readers: a file that can't be read ends in moto with another error than in AWS."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.api import HistoryEventType, MapRunFailedEventDetails
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import (
    FailureEvent,
    FailureEventException,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name import (
    StatesErrorName,
)
from moto.stepfunctions.parser.asl.component.common.error_name.states_error_name_type import (
    StatesErrorNameType,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval.resource_eval_s3 import (  # noqa: E501  # moto's name
    ResourceEvalS3,
)

from scripts.local_aws.patching import replace

_read = ResourceEvalS3.eval_resource


@replace(ResourceEvalS3)
def eval_resource(self: ResourceEvalS3, env: Any) -> None:
    """Read a file of items, or fail as a map that can't."""
    try:
        _read(self, env)
    except ClientError as error:
        raise failure(
            env, StatesErrorNameType.StatesItemReaderFailed, f"S3 couldn't be read: {error}"
        ) from None


def failure(env: Any, kind: StatesErrorNameType, cause: str) -> FailureEventException:
    """What moto raises when a map run fails."""
    details: Any = {
        "mapRunFailedEventDetails": MapRunFailedEventDetails(error=kind.to_name(), cause=cause)
    }
    event = FailureEvent(env, StatesErrorName(kind), HistoryEventType.MapRunFailed, details)
    return FailureEventException(event)
