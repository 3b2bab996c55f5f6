"""Executions: moto gives those without a name one and the same, and takes an input of any size.

It stops an execution only when its task has answered, doesn't tell when one was timed out, and
lets no event start one.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import StateMachineDoesNotExist
from moto.stepfunctions.parser.api import ExecutionStatus, InvalidExecutionInput
from moto.stepfunctions.parser.backend.execution import (
    BaseExecutionWorkerCommunication,
    Execution,
)
from moto.stepfunctions.parser.models import (
    StepFunctionsParserBackend,
    stepfunctions_parser_backends,
)
from moto.stepfunctions.responses import StepFunctionResponse

from scripts.local_aws.account import ACCOUNT
from scripts.local_aws.messages import SENDERS, Attributes, UndeliverableError
from scripts.local_aws.patching import replace

_LARGEST_INPUT = 256 * 1024  # bytes

_start = StepFunctionsParserBackend.start_execution
_stop = Execution.stop
_terminated = BaseExecutionWorkerCommunication.terminated
_describe = StepFunctionResponse.describe_execution


@replace(StepFunctionsParserBackend)
def start_execution(
    self: Any,
    state_machine_arn: str,
    name: str | None = None,
    execution_input: str = "{}",
    trace_header: Any = None,
) -> Execution:
    """Start an execution, if AWS would take its name and its input."""
    if name:
        self._validate_name(name)
    if len(execution_input.encode()) > _LARGEST_INPUT:
        raise InvalidExecutionInput(f"the input is larger than {_LARGEST_INPUT} bytes")
    named = name or str(uuid.uuid4())
    return _start(self, state_machine_arn, named, execution_input, trace_header)


@replace(Execution)
def stop(self: Any, stop_date: datetime, error: str | None, cause: str | None) -> None:
    """Stop an execution at once; what its task does is the task's own affair, as in AWS."""
    if self.exec_status is not ExecutionStatus.RUNNING:
        return
    _stop(self, stop_date, error, cause)
    self.exec_status = ExecutionStatus.ABORTED
    self.stop_date = datetime.now(UTC)


@replace(BaseExecutionWorkerCommunication)
def terminated(self: Any) -> None:
    """Note how an execution ended, unless it was stopped before."""
    if self.execution.exec_status is ExecutionStatus.RUNNING:
        _terminated(self)


@replace(StepFunctionResponse)
def describe_execution(self: Any) -> ActionResult:
    """Describe an execution, however it ended."""
    answer = _describe(self)
    execution = self.stepfunction_backend.describe_execution(self._get_param("executionArn"))
    described: Any = answer._result
    return ActionResult({"stopDate": execution.stop_date, **described})


def _send(arn: str, body: str, _: Attributes, __: str | None) -> None:
    backend = stepfunctions_parser_backends[ACCOUNT][arn.split(":")[3]]
    try:
        backend.start_execution(arn, execution_input=body)
    except StateMachineDoesNotExist:
        raise UndeliverableError(f"there is no state machine {arn}") from None


SENDERS["states"] = _send
