"""The entry point of the Lambda function `BatchWatcher`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs, metrics
from nas_sync import SERVICE, clients, settings, watch

logger = logs.start(SERVICE)


@logger.inject_lambda_context(clear_state=True)
def run(_event: object, _context: LambdaContext) -> dict[str, Any]:
    """Say how long ago a run succeeded, and how many VPN connections exist for nothing.

    Returns:
        The numbers by the names of their metrics.

    Raises:
        JobError: AWS didn't tell.
    """
    with logs.failing_aloud(logger):
        return _run()


def _run() -> dict[str, Any]:
    given = settings.variables(os.environ)
    common = settings.common(given)
    logs.set_level(SERVICE, common.log_level)
    watched = watch.load(given)
    numbers = watch.look(clients.stepfunctions(), clients.ec2(), watched, datetime.now(UTC))
    metrics.emit(SERVICE, common.environment, numbers)
    logger.info("looked", extra={"outcome": "complete", **numbers})
    return dict(numbers)
