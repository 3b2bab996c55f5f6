"""The entry point of the Lambda function `BulkIndexer`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs
from batchworks.settings import Variables
from nas_sync import SERVICE, clients, settings
from nas_sync.calls import call_of
from nas_sync.catalogue.table import Table
from nas_sync.indexing import indexing
from nas_sync.indexing.indexing import Places
from nas_sync.search import client
from nas_sync.store import Store

logger = logs.start(SERVICE)


@logger.inject_lambda_context(clear_state=True)
def run(event: object, _context: LambdaContext) -> dict[str, Any]:
    """Index the files of one work file.

    Args:
        event: `{"batch": "exec-…", "work": "work/exec-…/document-00001.jsonl"}`.

    Returns:
        `indexed_count` (documents that OpenSearch took), `dynamodb_count` (items written) and
        `errors` (documents that OpenSearch refused; `indexed/<batch>/…` tells each).

    Raises:
        JobError: the call is malformed, or not all could be written; `SearchUnavailable` where it
            may go later.
    """
    with logs.failing_aloud(logger):
        return _run(event)


def _run(event: object) -> dict[str, Any]:
    given = settings.variables(os.environ)
    common = settings.common(given)
    logs.set_level(SERVICE, common.log_level)
    call = call_of(event)
    batch, work = call.text("batch"), call.text("work")
    logger.append_keys(batch=batch, work=work)
    tally = indexing.index(_places(given, common.raw_bucket), batch, work, datetime.now(UTC))
    told = {
        "indexed_count": tally.indexed,
        "dynamodb_count": tally.catalogued,
        "errors": tally.refused,
    }
    logger.info("indexed", extra={"outcome": "partial" if tally.refused else "complete", **told})
    return told


def _places(given: Variables, raw_bucket: str) -> Places:
    search = settings.search(given)
    return Places(
        store=Store(clients.s3(), raw_bucket),
        search=client.connect(search.endpoint, search.region),
        table=Table(clients.dynamodb(), settings.metadata_table(given)),
        indices=search,
        nas_location=given.optional("NAS_LOCATION") or "",
        chunk=given.integer("BULK_CHUNK", 500, range(1, 10_001)),
    )
