"""What roles did and tried to do."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class IamRecord:
    """One thing that a role did, or was kept from doing.

    Attributes:
        role: Name of the role.
        action: As policies name it: `s3:PutObject`.
        resource: ARN, or `*` for actions without one.
        allowed: What its policies said.
        count: How often.
    """

    role: str
    action: str
    resource: str
    allowed: bool
    count: int


class Records:
    """Counts of every (role, action, resource, allowed) since the start."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, str, bool]] = Counter()
        self._counting = threading.Lock()

    def add(self, role: str, action: str, resource: str, *, allowed: bool) -> None:
        """Count one decision."""
        with self._counting:
            self._counts[role, action, resource, allowed] += 1

    def all(self) -> list[IamRecord]:
        """Everything counted so far, sorted by role, action and resource."""
        with self._counting:
            counted = sorted(self._counts.items())
        return [IamRecord(*decision, count) for decision, count in counted]


RECORDS = Records()
