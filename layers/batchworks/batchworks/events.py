"""What an event asks a job for, whatever sent it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from batchworks.errors import JobError

_TRIGGERS = {"Scheduled Event": "schedule", "manual-trigger": "manual"}


@dataclass(frozen=True)
class Cause:
    """What started a run."""

    trigger: str  # schedule, manual, event (of another source) or invoke
    event_id: str | None
    environment: str | None  # the one that is meant, if the event tells
    request: Mapping[str, Any]  # an event's detail; what a caller sent, where it is no event

    def require(self, environment: str) -> None:
        """Refuse an event that is meant for another environment.

        Raises:
            JobError: it is.
        """
        if self.environment not in {None, environment}:
            raise JobError(
                f"the event is meant for the environment {self.environment!r}; "
                f"this is {environment!r}"
            )


def cause_of(event: object, job: str) -> Cause:
    """What an event asks for.

    Args:
        event: of EventBridge, or any JSON object that a caller sent.
        job: the one that was started.

    Raises:
        JobError: it isn't a JSON object, or is meant for another job.
    """
    if not isinstance(event, Mapping):
        raise JobError(f"the event is no JSON object but {type(event).__name__}: send an object")
    detail = event.get("detail")
    if detail is None:
        detail = {}
    if not isinstance(detail, Mapping):
        raise JobError(f"the event's detail is no JSON object but {type(detail).__name__}")
    if detail.get("job", job) != job:
        raise JobError(f"the event is meant for the job {detail['job']!r}; this is {job}")
    kind = event.get("detail-type")
    return Cause(
        trigger="invoke" if kind is None else _TRIGGERS.get(str(kind), "event"),
        event_id=event.get("id"),
        environment=detail.get("environment"),
        request=event if kind is None else detail,
    )
