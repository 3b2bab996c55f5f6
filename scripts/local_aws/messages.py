"""Hands a message to whatever an ARN names, as AWS services do among themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from moto.sns.exceptions import SNSNotFoundError
from moto.sns.models import sns_backends
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.models import sqs_backends

from scripts.local_aws.account import ACCOUNT

PERMISSIONS = {
    "lambda": "lambda:InvokeFunction",
    "sns": "sns:Publish",
    "sqs": "sqs:SendMessage",
    "states": "states:StartExecution",
}
"""What a sender must be allowed to do, by the service of the target."""


class UndeliverableError(Exception):
    """The target of a message does not exist, or is of a kind that can't be reached here."""


@dataclass(frozen=True)
class Attribute:
    """A message attribute of SQS or SNS."""

    kind: str
    value: str


Attributes = Mapping[str, Attribute]
Sender = Callable[[str, str, Attributes, str | None], None]


def text(value: str) -> Attribute:
    """A message attribute of type String."""
    return Attribute("String", value)


def number(value: int) -> Attribute:
    """A message attribute of type Number."""
    return Attribute("Number", str(value))


def send(
    arn: str,
    body: str,
    attributes: Attributes | None = None,
    group: str | None = None,
) -> None:
    """Send a message.

    Args:
        arn: A queue, a topic, a function or a state machine.
        body: JSON, where the target is a function or a state machine.
        attributes: Only queues and topics have them.
        group: Message group, for FIFO queues.

    Raises:
        UndeliverableError: There is no such target.
    """
    service = arn.split(":")[2]
    if service not in SENDERS:
        raise UndeliverableError(f"messages to {arn}: the local AWS can't send to {service}")
    SENDERS[service](arn, body, attributes or {}, group)


def _to_queue(arn: str, body: str, attributes: Attributes, group: str | None) -> None:
    _, _, _, region, account, name = arn.split(":")
    described = {
        key: {"DataType": each.kind, "StringValue": each.value} for key, each in attributes.items()
    }
    try:
        sqs_backends[account][region].send_message(
            name, body, message_attributes=described, group_id=group
        )
    except QueueDoesNotExist:
        raise UndeliverableError(f"there is no queue {arn}") from None


def _to_topic(arn: str, body: str, attributes: Attributes, group: str | None) -> None:
    described = {key: {"Type": each.kind, "Value": each.value} for key, each in attributes.items()}
    try:
        sns_backends[ACCOUNT][arn.split(":")[3]].publish(
            body, arn=arn, message_attributes=described, group_id=group
        )
    except SNSNotFoundError:
        raise UndeliverableError(f"there is no topic {arn}") from None


SENDERS: dict[str, Sender] = {"sns": _to_topic, "sqs": _to_queue}
"""How to send to the resources of a service; extensions add theirs."""
