"""The entry point of the Lambda function `efs-autoscaler`."""

from __future__ import annotations

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs, metrics
from batchworks.events import cause_of
from efs_autoscaler import JOB, clients, control, settings
from efs_autoscaler.control import Clock
from efs_autoscaler.result import Result

logger = logs.start(JOB)


@logger.inject_lambda_context(clear_state=True)
def run(event: object, context: LambdaContext) -> dict[str, Any]:
    """Compare what is with what should be, once, and put it right.

    Args:
        event: of EventBridge (schedule or manual trigger), or any JSON object.
        context: Lambda's; a run ends before its time does.

    Returns:
        timestamp, file_count, threshold, threshold_exceeded, new_mount_target_created,
        new_mount_target_id where there is one, and deployment_triggered.

    Raises:
        Exception: the run failed, so that the alarm works; its result is logged with `error`.
    """
    with logs.failing_aloud(logger):
        return _run(event, context)


def _run(event: object, context: LambdaContext) -> dict[str, Any]:
    cause = cause_of(event, JOB)
    logger.append_keys(trigger=cause.trigger, event_id=cause.event_id)
    logger.info("started by %s", cause.trigger)
    given = settings.load(os.environ)
    cause.require(given.environment)
    logs.set_level(JOB, given.log_level)
    clock = Clock(time_left=lambda: context.get_remaining_time_in_millis() / 1000)
    result = Result(given.file_count_threshold)
    try:
        control.run(given, clients.connect(), clock, result)
    except Exception as error:
        result.error = logs.mask(str(error))
        told = {"result": result.answer()}
        logger.error("the result of a failed run: %s", result, extra=told)  # noqa: TRY400 - failing_aloud has the traceback
        raise
    finally:
        _measure(result, given.environment)
    logger.info("done: %s", result, extra={"outcome": "complete", "result": result.answer()})
    return result.answer()


def _measure(result: Result, environment: str) -> None:
    if result.file_count is None or result.count_seconds is None:
        return
    counts = {
        "FileCount": float(result.file_count),
        "ThresholdExceeded": float(result.threshold_exceeded),
    }
    if result.mount_targets is not None:
        counts["MountTargets"] = float(result.mount_targets)
    metrics.emit(JOB, environment, counts, {"CountSeconds": result.count_seconds})
