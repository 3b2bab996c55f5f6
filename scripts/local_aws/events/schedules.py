"""Fires schedule rules on demand: nothing here waits for midnight."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from moto.events.models import events_backends

from scripts.local_aws.account import ACCOUNT, REGION
from scripts.local_aws.events.delivery import deliver


class NotFiredError(Exception):
    """A rule could not be fired; the message says why."""


def fire(name: str) -> None:
    """Send the Scheduled Event of a rule of the default event bus to its targets.

    Raises:
        NotFiredError: There is no such rule, it is disabled, or it has no schedule.
    """
    rules = events_backends[ACCOUNT][REGION].event_buses["default"].rules
    if name not in rules:
        raise NotFiredError(
            f"there is no rule {name}; there are: {', '.join(sorted(rules)) or '-'}"
        )
    rule = rules[name]
    if rule.state == "DISABLED":
        raise NotFiredError(f"the rule {name} is disabled")
    if not rule.scheduled_expression:
        raise NotFiredError(f"the rule {name} has no schedule: send it an event with put-events")
    event = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "region": REGION,
        "resources": [rule.arn],
        "detail": {},
    }
    deliver(rule.arn, rule.targets, event)
