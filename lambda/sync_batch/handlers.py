"""The entry point of the Lambda function `sync-batch-<env>`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs
from batchworks.errors import JobError
from sync_batch import JOB, metrics, settings, sync
from sync_batch.controls import Controls, Tally
from sync_batch.result import Result

logger = logs.start(JOB)

_TRIGGERS = {"Scheduled Event": "schedule", "manual-trigger": "manual"}


@logger.inject_lambda_context(clear_state=True)
def run(event: object, context: LambdaContext) -> dict[str, Any]:
    """Synchronise once.

    Args:
        event: of EventBridge (schedule or manual trigger), or any JSON object.
        context: Lambda's; a run ends before its time does.

    Returns:
        The fields of `sync_batch.result.Result`.

    Raises:
        JobError: the run failed, so that alarms, retries and dead letters work. No secret is in
            its message.
    """
    try:
        return asdict(_run(event, context))
    except Exception as error:
        logger.exception(f"failed: {error}", extra={"outcome": "failed"})  # noqa: TRY401 - operators read messages
        raise logs.masked(error) from None


class Cause(NamedTuple):
    """What started a run."""

    trigger: str  # schedule, manual or invoke
    event_id: str | None
    environment: str | None  # the one that is meant, if the event tells


def cause_of(event: object) -> Cause:
    """What an event asks for.

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
    if detail.get("job", JOB) != JOB:
        raise JobError(f"the event is meant for the job {detail['job']!r}; this is {JOB}")
    return Cause(
        trigger=_TRIGGERS.get(str(event.get("detail-type")), "invoke"),
        event_id=event.get("id"),
        environment=detail.get("environment"),
    )


def _run(event: object, context: LambdaContext) -> Result:
    cause = cause_of(event)
    logger.append_keys(trigger=cause.trigger, event_id=cause.event_id)
    logger.info("started by %s", cause.trigger)
    given = settings.load(os.environ)
    if cause.environment not in {None, given.environment}:
        raise JobError(
            f"the event is meant for the environment {cause.environment!r}; "
            f"this is {given.environment!r}"
        )
    logs.set_level(JOB, given.log_level)
    tally = Tally()
    controls = Controls(
        time_left=lambda: context.get_remaining_time_in_millis() / 1000, tally=tally
    )
    try:
        result = sync.run(given, cause.trigger, controls)
    finally:
        metrics.emit(tally, given.environment)
    logger.info(result.message, extra={"outcome": result.outcome})
    return result
