"""The entry point of the Lambda function `BatchReconciler`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs
from nas_sync import SERVICE, calls, clients, keys
from nas_sync.calls import Call
from nas_sync.reconcile import reconciling, settings
from nas_sync.reconcile.reconciling import Places
from nas_sync.reconcile.review import review
from nas_sync.reconcile.settings import Settings
from nas_sync.scan import batches
from nas_sync.search.client import connect
from nas_sync.store import Store

logger = logs.start(SERVICE)
_ANSWERED = (
    *("report_key", "scanned", "indexed", "skipped", "failed", "reasons", "opensearch"),
    *("dynamodb", "deleted", "archived", "moved"),
)


@logger.inject_lambda_context(clear_state=True)
def run(event: object, _context: LambdaContext) -> dict[str, Any]:
    """Judge a batch: before anything is indexed (review), and in the end (reconcile).

    Args:
        event: batch, and action: review or reconcile.

    Returns:
        Of a review indexed, skipped, failed, failed_percent; of a reconciliation report_key and
        the counts of what is in S3, in OpenSearch and in DynamoDB.

    Raises:
        TooManyFailures: of a review.
        ReconciliationFailed: of a reconciliation.
        JobError: there is no such batch, or one of the three can't be read.
    """
    with logs.failing_aloud(logger):
        answer = _run(calls.call_of(event))
        logger.info("judged", extra={"outcome": "complete", "result": answer})
        return answer


def _run(call: Call) -> dict[str, Any]:
    action = call.choice("action", ("review", "reconcile"))
    batch = keys.batch_of(call.text("batch"))
    logger.append_keys(batch=batch, action=action)
    given = settings.load(os.environ)
    logs.set_level(SERVICE, given.common.log_level)
    store = Store(clients.s3(), given.common.raw_bucket)
    scan = batches.scan_of(store, batch)
    if action == "reconcile":
        report = reconciling.reconcile(_places(given, store), scan, datetime.now(UTC))
        return {name: report[name] for name in _ANSWERED}
    found = review(store, scan, given.failure_percent)
    return {
        "indexed": found.indexed,
        "skipped": found.skipped,
        "failed": found.failed,
        "failed_percent": found.failed_percent,
    }


def _places(given: Settings, store: Store) -> Places:
    return Places(
        store=store,
        search=connect(given.search.endpoint, given.search.region),
        indices=given.search,
        dynamodb=clients.dynamodb(),
        table=given.metadata_table,
    )
