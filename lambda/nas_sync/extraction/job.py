"""One call of an extractor: what the state machine sends, what it is answered."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs
from batchworks.errors import JobError
from batchworks.settings import Variables
from nas_sync import SERVICE, calls, clients, keys, settings
from nas_sync.errors import ModelError
from nas_sync.extraction import parts, work
from nas_sync.extraction import settings as extraction_settings
from nas_sync.extraction.settings import Limits
from nas_sync.extraction.work import Bench
from nas_sync.extraction.worker import Worker
from nas_sync.store import Store

WorkerFor = Callable[[Variables, Limits, Store], Worker]
"""The worker of an extractor, the same one for the same settings: warm calls reuse it."""


def run(
    event: object, context: LambdaContext, logger: Logger, worker_for: WorkerFor
) -> dict[str, Any]:
    """Work on one work file.

    Args:
        event: `{"batch": "exec-…", "work": "work/exec-…/document-00001.jsonl"}`.
        context: Lambda's; a call ends before its time does.
        logger: the function's.
        worker_for: what makes the worker.

    Returns:
        What `work.run` returns.

    Raises:
        JobError: the call is malformed, or work can't be done at all.
    """
    call = calls.call_of(event)
    batch = keys.batch_of(call.text("batch"))
    work_key = call.text("work")
    logger.append_keys(batch=batch, work=work_key)
    if not work_key.startswith(f"work/{batch}/"):
        raise JobError(
            f"the call's field work is {work_key!r}: it has to be a key of work/{batch}/"
        )
    given = settings.variables(os.environ)
    common, limits = settings.common(given), extraction_settings.load(given)
    logs.set_level(SERVICE, common.log_level)
    store, name = Store(clients.s3(), common.raw_bucket), keys.name_of(work_key)
    try:
        worker = worker_for(given, limits, store)
    except ModelError as error:
        parts.write_hindrance(store, batch, name, "model_unusable", str(error))
        raise
    parts.clear_hindrance(store, batch, name)
    bench = Bench(
        store=store,
        limits=limits,
        read=worker.read,
        time_left=lambda: context.get_remaining_time_in_millis() / 1000,
    )
    answer = work.run(bench, batch, work_key)
    outcome = "complete" if answer["done"] else "partial"
    logger.info(f"{answer['files']} files read", extra={"outcome": outcome, **answer})
    return answer
