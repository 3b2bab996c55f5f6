"""Tasks: moto calls AWS with keys of nobody; in AWS tasks have the permissions of their role."""

from __future__ import annotations

import os
import sys
import threading
import uuid
from typing import Any

import boto3
from botocore.config import Config
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval import (
    resource_eval_s3,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk,
    state_task_service_sfn,
    state_task_service_sns,
    state_task_service_sqs,
)
from moto.stepfunctions.parser.asl.utils import boto_client

from scripts.local_aws.account import HOST
from scripts.local_aws.iam import sessions
from scripts.local_aws.iam.sessions import Session
from scripts.local_aws.patching import MotoChangedError

_LONGEST_CALL = 920.0  # seconds: a function runs for 900 at most
_CALLS_AT_ONCE = 64
_USING_CLIENTS = (
    lambda_eval_utils,
    resource_eval_s3,
    state_task_service_aws_sdk,
    state_task_service_sfn,
    state_task_service_sns,
    state_task_service_sqs,
)

_making = threading.Lock()  # one thread at a time may use boto3's session
_clients: dict[tuple[str, str, str], Any] = {}


def client_of(region: str, service: str, state_credentials: Any = None) -> Any:
    """A client of a service with the permissions of a state machine's role, made once.

    Args:
        state_credentials: moto's, with the ARN of the role as `role_arn`.
    """
    role = state_credentials.role_arn
    with _making:
        if (region, service, role) not in _clients:
            _clients[region, service, role] = _made(region, service, role)
        return _clients[region, service, role]


def _made(region: str, service: str, role: str) -> Any:
    keys = sessions.begin(Session(role, "states"))
    client = boto3.client(
        service,  # type: ignore[call-overload]  # whichever a task names
        region_name=region,
        endpoint_url=f"http://{HOST}:{os.environ['MOTO_PORT']}",
        aws_access_key_id=keys.access_key_id,
        aws_secret_access_key=keys.secret_access_key,
        aws_session_token=keys.session_token,
        config=Config(
            parameter_validation=False,
            retries={"total_max_attempts": 1},
            read_timeout=_LONGEST_CALL,
            max_pool_connections=_CALLS_AT_ONCE,
        ),
    )
    client.meta.events.register("after-call", _identify)
    return client


def _identify(parsed: dict[str, Any], **_: Any) -> None:
    """Every answer has an id in AWS, which moto writes into the causes of errors."""
    parsed["ResponseMetadata"].setdefault("RequestId", str(uuid.uuid4()))


def _put() -> None:
    """Let every module of moto's that makes clients make these."""
    theirs = boto_client.boto_client_for
    for module in _USING_CLIENTS:
        if getattr(module, "boto_client_for", None) is not theirs:
            raise MotoChangedError(f"moto's {module.__name__} makes its clients otherwise")
    for module in list(sys.modules.values()):
        if getattr(module, "boto_client_for", None) is theirs:
            module.boto_client_for = client_of  # type: ignore[attr-defined]


_put()
