"""The entry point of the Lambda function `sync-batch-<env>`."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs
from batchworks.events import cause_of
from sync_batch import JOB, metrics, settings, sync
from sync_batch.controls import Controls, Tally
from sync_batch.result import Result

logger = logs.start(JOB)


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
    with logs.failing_aloud(logger):
        return asdict(_run(event, context))


def _run(event: object, context: LambdaContext) -> Result:
    cause = cause_of(event, JOB)
    logger.append_keys(trigger=cause.trigger, event_id=cause.event_id)
    logger.info("started by %s", cause.trigger)
    given = settings.load(os.environ)
    cause.require(given.environment)
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
