"""Sends an event to the targets of a rule, as far as the targets let EventBridge in."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from scripts.local_aws import messages
from scripts.local_aws.events.inputs import input_of
from scripts.local_aws.iam import grants
from scripts.local_aws.iam.decisions import may
from scripts.local_aws.iam.resource_policies import lets
from scripts.local_aws.iam.sessions import Session
from scripts.local_aws.messages import UndeliverableError

log = logging.getLogger(__name__)

SERVICE = "events.amazonaws.com"
_WORKERS = ThreadPoolExecutor(4, thread_name_prefix="events")


def serves(target: Mapping[str, Any]) -> bool:
    """Whether targets of this kind are served here."""
    return str(target["Arn"]).split(":")[2] in messages.PERMISSIONS


def deliver(rule_arn: str, targets: list[dict[str, Any]], event: Mapping[str, Any]) -> None:
    """Send an event to targets, soon; PutEvents doesn't wait for that.

    What a target doesn't let EventBridge deliver goes to the target's dead-letter queue at once,
    as in AWS: trying again would not help.
    """
    for target in targets:
        _WORKERS.submit(_deliver, rule_arn, target, event)


def _deliver(rule_arn: str, target: Mapping[str, Any], event: Mapping[str, Any]) -> None:
    try:
        body = input_of(target, event, rule_arn)
        problem = _problem(rule_arn, target, body)
        if problem:
            _give_up(rule_arn, target, body, *problem)
    except Exception:
        log.exception("the event %s of %s is lost", event["id"], rule_arn)


def _problem(rule_arn: str, target: Mapping[str, Any], body: str) -> tuple[str, str] | None:
    """Deliver; or EventBridge's error code and message, if that is impossible."""
    arn = target["Arn"]
    if not _may_send(rule_arn, target):
        return "NO_PERMISSIONS", f"{SERVICE} may not send to {arn} for {rule_arn}"
    try:
        messages.send(arn, body, group=target.get("SqsParameters", {}).get("MessageGroupId"))
    except UndeliverableError as undeliverable:
        return "NO_RESOURCE", str(undeliverable)
    return None


def _may_send(rule_arn: str, target: Mapping[str, Any]) -> bool:
    """A state machine has no policy of its own: EventBridge takes on the role of the target.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html
    """
    arn = str(target["Arn"])
    service = arn.split(":")[2]
    if service != "states":
        return lets(arn, SERVICE, rule_arn)
    role = target.get("RoleArn")
    if not role:
        return False
    session = Session(role, "events")
    trusted = grants.trusts(session.role_name, SERVICE, rule_arn)
    return trusted and may(session, messages.PERMISSIONS[service], arn) is None


def _give_up(rule_arn: str, target: Mapping[str, Any], body: str, code: str, message: str) -> None:
    """https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html"""
    log.warning("%s: %s", code, message)
    queue = target.get("DeadLetterConfig", {}).get("Arn")
    if queue is None:
        return
    if not lets(queue, SERVICE, rule_arn):
        log.error("%s may not send dead letters of %s to %s", SERVICE, rule_arn, queue)
        return
    attributes = {
        "RULE_ARN": rule_arn,
        "TARGET_ARN": target["Arn"],
        "ERROR_CODE": code,
        "ERROR_MESSAGE": message,
        "RETRY_ATTEMPTS": "0",
    }
    messages.send(queue, body, {name: messages.text(value) for name, value in attributes.items()})
