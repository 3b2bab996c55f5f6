"""What Lambda does when it is done with an asynchronous event, with the function's own role.

Dead letters: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from scripts.local_aws import messages, metrics
from scripts.local_aws.functions.event_settings import settings_of
from scripts.local_aws.functions.function import Function
from scripts.local_aws.functions.outcome import Reply
from scripts.local_aws.iam.decisions import may
from scripts.local_aws.messages import Attribute, UndeliverableError

log = logging.getLogger(__name__)

_ERROR_MESSAGE_LENGTH = 1024  # characters of a dead letter's ErrorMessage
_PERMISSIONS = {
    "lambda": "lambda:InvokeFunction",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
}


@dataclass(frozen=True)
class Event:
    """An event that Lambda has accepted and must see through.

    Attributes:
        arn: Of the function, or of its version or alias that was invoked.
        payload: JSON.
        request_id: All its attempts share it.
        accepted: When, in seconds since the epoch.
        executions: How often the function has been executed for it.
        throttlings: How often there was no free execution for it.
    """

    arn: str
    payload: bytes
    request_id: str
    accepted: float
    executions: int = 0
    throttlings: int = 0


@dataclass(frozen=True)
class Ending:
    """Why Lambda is done with an event.

    Attributes:
        condition: `Success`, `RetriesExhausted`, `EventAgeExceeded` or `ZeroReservedConcurrency`.
        reply: The function's last answer; None when it was never executed.
    """

    function: Function
    condition: str
    reply: Reply | None


def conclude(event: Event, ending: Ending) -> None:
    """Send the event to where the function wants it: its dead letters, its destinations."""
    settings = settings_of(event.arn)
    failed = ending.condition != "Success"
    if failed and ending.function.dead_letters:
        _send(event, ending.function, ending.function.dead_letters, *_dead_letter(event, ending))
    destination = settings.on_failure if failed else settings.on_success
    if destination:
        record = json.dumps(_record(event, ending))
        _send(event, ending.function, destination, record, {})


def _dead_letter(event: Event, ending: Ending) -> tuple[str, dict[str, Attribute]]:
    message = ending.reply.message if ending.reply else "Rate Exceeded."
    return event.payload.decode(), {
        "RequestID": messages.text(event.request_id),
        "ErrorCode": messages.number(200 if ending.reply else 429),
        "ErrorMessage": messages.text(message[:_ERROR_MESSAGE_LENGTH] or "Unknown"),
    }


def _record(event: Event, ending: Ending) -> dict[str, Any]:
    """An invocation record, as destinations get it."""
    record: dict[str, Any] = {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": event.request_id,
            "functionArn": _qualified(event.arn),
            "condition": ending.condition,
            "approximateInvokeCount": event.executions,
        },
        "requestPayload": json.loads(event.payload),
    }
    if ending.reply:
        context = {"statusCode": 200, "executedVersion": ending.function.version}
        error = {"functionError": "Unhandled"} if ending.reply.error else {}
        record["responseContext"] = {**context, **error}
        record["responsePayload"] = json.loads(ending.reply.payload)
    return record


def _qualified(arn: str) -> str:
    return arn if arn.count(":") > 6 else f"{arn}:$LATEST"


def _send(
    event: Event, function: Function, target: str, body: str, attributes: dict[str, Attribute]
) -> None:
    """Send with the function's role; what it may not send is lost, and counted."""
    action = _PERMISSIONS.get(target.split(":")[2], "?")
    problem = may(function.session, action, target)
    try:
        if problem is None:
            messages.send(target, body, attributes)
    except UndeliverableError as undeliverable:
        problem = str(undeliverable)
    if problem:
        lost = "the event %s of %s is lost: %s to %s: %s"
        log.error(lost, event.request_id, function.name, action, target, problem)
        metrics.of_function(event.arn, {"DeadLetterErrors": 1})
