"""The entry point of the Lambda function `FileScanner`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs
from nas_sync import SERVICE, calls, clients
from nas_sync.calls import Call
from nas_sync.scan import scanning, settings
from nas_sync.scan.batches import Scan
from nas_sync.scan.scanning import Request
from nas_sync.store import Store

logger = logs.start(SERVICE)
_BATCH_TYPES = ("initial", "monthly_scheduled", "manual")
_ANSWERED = (
    *("batch", "sync_batch_id", "total_files", "total_size_bytes", "documents", "images"),
    *("others", "new", "changed", "retried", "moved", "deleted", "unchanged", "extract_count"),
    *("index_count", "extract_key", "index_key", "deletions_detected"),
)


@logger.inject_lambda_context(clear_state=True)
def run(event: object, _context: LambdaContext) -> dict[str, Any]:
    """Find what changed since the last batch that was reconciled.

    Args:
        event: batch (the transfer's ARN or its last part), batch_type, full_sync, release_brake,
            resume (anything but null, false and an empty text: the batch was scanned before).

    Returns:
        batch, sync_batch_id, counts of files, and the keys of the lists that the Maps read.

    Raises:
        JobError: the scan failed, or the batch must not go on.
    """
    with logs.failing_aloud(logger):
        found = _run(calls.call_of(event))
        return {name: found[name] for name in _ANSWERED}  # type: ignore[literal-required]


def _run(call: Call) -> Scan:
    request = _request(call)
    logger.append_keys(batch=request.batch)
    given = settings.load(os.environ)
    logs.set_level(SERVICE, given.common.log_level)
    store = Store(clients.s3(), given.common.raw_bucket)
    found = scanning.scan(store, given, request, datetime.now(UTC))
    if not found["deletions_detected"]:
        logger.warning("deletions are not detected: DataSync preserves deleted files")
    logger.info("scanned", extra={"outcome": "complete", "scan": found})
    return found


def _request(call: Call) -> Request:
    return Request(
        sync_batch_id=call.text("batch"),
        batch_type=call.choice("batch_type", _BATCH_TYPES),
        full_sync=call.flag("full_sync"),
        release_brake=call.flag("release_brake"),
        resume=bool(call.fields.get("resume")),
    )
