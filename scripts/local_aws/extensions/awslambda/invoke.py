"""Invocation: moto runs functions in Docker, always waits for them, and ignores qualifiers.

Here they run in processes of AWS's own runtime client; see `scripts.local_aws.functions`.
"""

from __future__ import annotations

import base64
import json
import uuid
from typing import Any

from moto.awslambda.exceptions import LambdaClientError, UnknownFunctionException
from moto.awslambda.models import LambdaFunction
from moto.awslambda.responses import LambdaResponse

from scripts.local_aws.extensions.awslambda import names
from scripts.local_aws.functions import service
from scripts.local_aws.functions.concurrency import ThrottledError
from scripts.local_aws.functions.file_systems import MOUNT_ERRORS
from scripts.local_aws.functions.invocations import find
from scripts.local_aws.functions.outcome import Reply
from scripts.local_aws.functions.runtime_api import Event
from scripts.local_aws.messages import SENDERS, Attributes, UndeliverableError
from scripts.local_aws.patching import replace

_LOG_TAIL = 4096  # bytes of the log that X-Amz-Log-Result carries


class InvalidRequestContentError(LambdaClientError):
    """The payload isn't JSON."""

    def __init__(self, problem: ValueError) -> None:
        message = f"Could not parse request body into json: {problem}"
        super().__init__("InvalidRequestContentException", message)


class TooManyRequestsError(LambdaClientError):
    """The function's reserved concurrency is used up."""

    code = 429

    def __init__(self, throttled: ThrottledError) -> None:
        super().__init__("TooManyRequestsException", str(throttled))


class NotMountedError(LambdaClientError):
    """The function's file system can't be mounted: for a caller that waits, its call is refused.

    https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors
    """

    code = 403

    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply.error), reply.message)


@replace(LambdaResponse)
def invoke(self: LambdaResponse) -> tuple[int, dict[str, Any], str | bytes]:
    """Invoke a function, version or alias: now, soon, or only in theory (DryRun)."""
    arn = names.arn(self)
    version = str(find(arn).version)
    payload = _payload(self)
    kind = self.headers.get("X-Amz-Invocation-Type", "RequestResponse")
    if kind == "DryRun":
        return _answer(204, "", {})
    if kind == "Event":
        service.current().queue.put(arn, payload)
        return _answer(202, "", {})
    try:
        done = service.current().executor.execute(Event(arn, payload, str(uuid.uuid4())))
    except ThrottledError as throttled:
        raise TooManyRequestsError(throttled) from None
    if done.reply.error in MOUNT_ERRORS:
        raise NotMountedError(done.reply)
    headers = {"X-Amz-Executed-Version": version}
    if done.reply.error:
        headers["X-Amz-Function-Error"] = "Unhandled"
    if self.headers.get("X-Amz-Log-Type") == "Tail":
        headers["X-Amz-Log-Result"] = base64.b64encode(done.log.encode()[-_LOG_TAIL:]).decode()
    return _answer(200, done.reply.payload, headers)


@replace(LambdaFunction, "invoke")
def accept(self: LambdaFunction, body: str, _: Any, __: Any) -> bytes:
    """How moto's SNS and S3 call a function: asynchronously, as in AWS."""
    service.current().queue.put(self.function_arn, body.encode())
    return b""


def _send(arn: str, body: str, _: Attributes, __: str | None) -> None:
    try:
        find(arn)
    except UnknownFunctionException:
        raise UndeliverableError(f"there is no function {arn}") from None
    service.current().queue.put(arn, body.encode())


SENDERS["lambda"] = _send


def _payload(request: LambdaResponse) -> bytes:
    text: str = request.body or "{}"
    try:
        json.loads(text)
    except ValueError as problem:
        raise InvalidRequestContentError(problem) from None
    return text.encode()


def _answer(
    status: int, body: str | bytes, headers: dict[str, str]
) -> tuple[int, dict[str, Any], str | bytes]:
    return status, {"Content-Type": "application/json", **headers, "status": status}, body
