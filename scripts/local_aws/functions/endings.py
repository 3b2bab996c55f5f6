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
from scripts.local_aws.functions.function import Function, qualified
from scripts.local_aws.functions.outcome import Reply
from scripts.local_aws.functions.runtime_api import Event
from scripts.local_aws.iam.decisions import may
from scripts.local_aws.messages import Attribute, Attributes, UndeliverableError

log = logging.getLogger(__name__)

_ERROR_MESSAGE_LENGTH = 1024  # characters of a dead letter's ErrorMessage


@dataclass(frozen=True)
class Ending:
    """Why Lambda is done with an event.

    Attributes:
        condition: `Success`, `RetriesExhausted`, `EventAgeExceeded` or `ZeroReservedConcurrency`.
        executions: How often the function was executed for it.
        reply: The function's last answer; None when it was never executed.
    """

    event: Event
    function: Function
    condition: str
    executions: int
    reply: Reply | None


def conclude(ending: Ending) -> None:
    """Send the event to where the function wants it: its dead letters, its destinations."""
    settings = settings_of(ending.event.arn)
    failed = ending.condition != "Success"
    dead_letters = ending.function.dead_letters
    if failed and dead_letters:
        attributes = _dead_letter_attributes(ending)
        _send(ending, dead_letters, ending.event.payload.decode(), attributes)
    destination = settings.on_failure if failed else settings.on_success
    if destination:
        _send(ending, destination, json.dumps(_record(ending)), {})


def _dead_letter_attributes(ending: Ending) -> dict[str, Attribute]:
    message = ending.reply.message if ending.reply else "Rate Exceeded."
    return {
        "RequestID": messages.text(ending.event.request_id),
        "ErrorCode": messages.number(200 if ending.reply else 429),
        "ErrorMessage": messages.text(message[:_ERROR_MESSAGE_LENGTH] or "Unknown"),
    }


def _record(ending: Ending) -> dict[str, Any]:
    """An invocation record, as destinations get it."""
    record: dict[str, Any] = {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "requestContext": {
            "requestId": ending.event.request_id,
            "functionArn": qualified(ending.event.arn),
            "condition": ending.condition,
            "approximateInvokeCount": ending.executions,
        },
        "requestPayload": json.loads(ending.event.payload),
    }
    if ending.reply:
        context = {"statusCode": 200, "executedVersion": ending.function.version}
        error = {"functionError": "Unhandled"} if ending.reply.error else {}
        record["responseContext"] = {**context, **error}
        record["responsePayload"] = json.loads(ending.reply.payload)
    return record


def _send(ending: Ending, target: str, body: str, attributes: Attributes) -> None:
    """Send with the function's role; what can't be sent is lost, and counted."""
    problem = _problem(ending.function, target, body, attributes)
    if problem:
        name, request_id = ending.function.name, ending.event.request_id
        log.error("the event %s of %s is lost: %s", request_id, name, problem)
        metrics.of_function(ending.event.arn, {"DeadLetterErrors": 1})


def _problem(function: Function, target: str, body: str, attributes: Attributes) -> str | None:
    action = messages.PERMISSIONS.get(target.split(":")[2])
    if action is None:
        return f"the local AWS can't send to {target}"
    refusal = may(function.session, action, target)
    if refusal:
        return f"{function.session.role_name} may not send to {target} {refusal}"
    try:
        messages.send(target, body, attributes)
    except UndeliverableError as undeliverable:
        return str(undeliverable)
    return None
