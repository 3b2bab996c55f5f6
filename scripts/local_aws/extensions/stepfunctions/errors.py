"""Errors: in moto `States.ALL` catches what nothing can catch in AWS, and names lack a service.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError
from moto.stepfunctions.parser.asl.component.common.error_name.error_equals_decl import (
    ErrorEqualsDecl,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_lambda import (  # noqa: E501  # moto's name
    StateTaskServiceLambda,
)

from scripts.local_aws.patching import replace

_TERMINAL = {"States.DataLimitExceeded", "States.Runtime"}
_NO_CLASS_OF_ITS_OWN = {"AccessDeniedException"}
"""Errors that AWS's SDK for Java, in which Step Functions calls, has no class for."""

state_task_service_aws_sdk._SERVICE_ERROR_NAMES |= {
    "datasync": "DataSync",
    "ec2": "Ec2",
    "s3": "S3",
    "secretsmanager": "SecretsManager",
    "ssm": "Ssm",
}

_matches = ErrorEqualsDecl._eval_body
_error_and_cause = StateTaskServiceLambda._error_cause_from_client_error


@replace(ErrorEqualsDecl)
def _eval_body(self: ErrorEqualsDecl, env: Any) -> None:
    """Whether a list of names means an error; a terminal one is meant by no wildcard."""
    raised = env.stack[-1]
    name = raised.error_name if raised else None
    if name in _TERMINAL:
        env.stack.pop()
        env.stack.append(False)
    else:
        _matches(self, env)


def _named(client_error: ClientError) -> tuple[str, str]:
    error, cause = _error_and_cause(client_error)
    if error.removeprefix("Lambda.") in _NO_CLASS_OF_ITS_OWN:
        error = "Lambda.AWSLambdaException"
    return error, cause


replace(StateTaskServiceLambda, "_error_cause_from_client_error")(staticmethod(_named))
