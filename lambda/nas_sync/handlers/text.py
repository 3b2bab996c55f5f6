"""The entry point of the Lambda function `TextExtractor`."""

from __future__ import annotations

from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs
from batchworks.settings import Variables
from nas_sync import SERVICE
from nas_sync.extraction import job
from nas_sync.extraction.settings import Limits
from nas_sync.extraction.worker import Worker
from nas_sync.store import Store

logger = logs.start(SERVICE)


@logger.inject_lambda_context(clear_state=True)
def run(event: object, context: LambdaContext) -> dict[str, Any]:
    """Read the text of documents; of other files, only what S3 knows about them.

    Args:
        event: `{"batch": "exec-…", "work": "work/exec-…/document-00001.jsonl"}`.
        context: Lambda's; a call ends before its time does.

    Returns:
        `done`, and of this call `files`, `indexed`, `skipped`, `failed`.

    Raises:
        JobError: the call is malformed, or no file can be read at all.
    """
    with logs.failing_aloud(logger):
        return job.run(event, context, logger, _worker_for)


def _worker_for(given: Variables, limits: Limits, _store: Store) -> Worker:
    characters = given.integer("MAX_TEXT_CHARACTERS", 50_000, range(1, 1_000_001))
    return _worker(characters, limits.memory_mb)


@cache
def _worker(characters: int, memory_mb: int) -> Worker:
    return Worker("nas_sync.text.extractor", {"characters": characters}, memory_mb)
