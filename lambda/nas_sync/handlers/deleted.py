"""The entry point of the Lambda function `DeletedFileArchiver`."""

from __future__ import annotations

import os
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs
from nas_sync import SERVICE, clients, settings
from nas_sync.calls import call_of
from nas_sync.catalogue.table import Table
from nas_sync.deleted import archiving
from nas_sync.deleted.archiving import Estate
from nas_sync.search import client
from nas_sync.store import Store

logger = logs.start(SERVICE)


@logger.inject_lambda_context(clear_state=True)
def run(event: object, context: LambdaContext) -> dict[str, Any]:
    """Archive deleted files, as many as there is time for.

    Args:
        event: `{"batch": "exec-…"}`.
        context: Lambda's; a call ends before its time does.

    Returns:
        `done`, and of this call `archived_count`, `moved_count`, `failed_count`.

    Raises:
        JobError: the call is malformed, or a file could not be archived.
    """
    with logs.failing_aloud(logger):
        return _run(event, context)


def _run(event: object, context: LambdaContext) -> dict[str, Any]:
    given = settings.variables(os.environ)
    common = settings.common(given)
    logs.set_level(SERVICE, common.log_level)
    batch = call_of(event).text("batch")
    logger.append_keys(batch=batch)
    search, s3 = settings.search(given), clients.s3()
    estate = Estate(
        raw=Store(s3, common.raw_bucket),
        archive=Store(s3, settings.archive_bucket(given)),
        table=Table(clients.dynamodb(), settings.metadata_table(given)),
        search=client.connect(search.endpoint, search.region),
        indices=search,
        time_left=lambda: context.get_remaining_time_in_millis() / 1000,
    )
    told = archiving.archive(estate, batch)
    logger.info("archived", extra={"outcome": "complete" if told["done"] else "partial", **told})
    return told
