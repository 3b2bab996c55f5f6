"""EventBridge: moto delivers to neither functions nor topics, and asks no target's policy.

It also delivers for disabled rules, matches every event with rules that have only a schedule, and
gives events a numeric time and a field of its own.
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import Any

from moto.events.models import Rule

from scripts.local_aws.events.delivery import deliver, serves
from scripts.local_aws.patching import replace

_deliver_as_moto = Rule.send_to_targets


@replace(Rule)
def send_to_targets(self: Rule, original_event: Any, transform_input: bool = True) -> None:
    """Deliver to functions, queues and topics here, to other targets as moto does."""
    if self.state == "DISABLED" or not self.event_pattern.get_pattern():
        return
    event = _as_in_aws(original_event)
    if self.event_pattern.matches_event(event):  # type: ignore[arg-type]  # moto's looser type
        deliver(self.arn, [each for each in self.targets if serves(each)], event)
    others = [each for each in self.targets if not serves(each)]
    if others:
        rest = copy.copy(self)
        rest.targets = others
        _deliver_as_moto(rest, original_event, transform_input)


def _as_in_aws(event: dict[str, Any]) -> dict[str, Any]:
    time = event["time"]
    if not isinstance(time, str):
        time = f"{datetime.fromtimestamp(float(time), UTC):%Y-%m-%dT%H:%M:%SZ}"
    return {key: value for key, value in event.items() if key != "ingestion-time"} | {"time": time}
