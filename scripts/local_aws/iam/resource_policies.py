"""Asks the policies of resources whether an AWS service may use them."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from scripts.local_aws.account import ACCOUNT
from scripts.local_aws.functions.invocations import find
from scripts.local_aws.iam.conditions import UnsupportedPolicyError
from scripts.local_aws.iam.policy import Request, Statement, Verdict, decide, statements
from scripts.local_aws.messages import PERMISSIONS

log = logging.getLogger(__name__)


def lets(arn: str, service: str, source: str) -> bool:
    """Whether a function, queue or topic lets a service send it messages.

    Args:
        arn: Of the resource; a function's with the alias that is to be invoked.
        service: `events.amazonaws.com`, for example.
        source: ARN of what makes the service send: the rule, the topic.
    """
    kind = arn.split(":")[2]
    context = {
        "aws:sourceaccount": ACCOUNT,
        "aws:sourcearn": source,
        "aws:sourceowner": None,
        "aws:principalservicename": service,
        "aws:principalisawsservice": "true",
        "aws:securetransport": "true",
    }
    request = Request(PERMISSIONS[kind], arn, frozenset([service]), context)
    try:
        return decide(_POLICIES[kind](arn), request) is Verdict.ALLOWED
    except UnsupportedPolicyError as unsupported:
        log.warning("the policy of %s refuses %s: %s", arn, service, unsupported)
        return False


def _of_function(arn: str) -> list[Statement]:
    try:
        return list(find(arn).policy.statements)
    except UnknownFunctionException:
        return []


def _of_queue(arn: str) -> list[Statement]:
    _, _, _, region, account, name = arn.split(":")
    queue = sqs_backends[account][region].queues.get(name)
    return _parsed(queue.policy) if queue else []


def _of_topic(arn: str) -> list[Statement]:
    topic = sns_backends[ACCOUNT][arn.split(":")[3]].topics.get(arn)
    return _parsed(topic.policy) if topic else []


def _parsed(document: Any) -> list[Statement]:
    return statements(json.loads(document)) if document else []


_POLICIES: dict[str, Callable[[str], list[Statement]]] = {
    "lambda": _of_function,
    "sns": _of_topic,
    "sqs": _of_queue,
}
