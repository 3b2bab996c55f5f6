"""The entry point of the Lambda function `ImageFeatureExtractor`."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs
from batchworks.settings import Variables
from nas_sync import SERVICE
from nas_sync.extraction import job
from nas_sync.extraction.settings import Limits
from nas_sync.extraction.worker import Worker
from nas_sync.images import model
from nas_sync.store import Store

logger = logs.start(SERVICE)

_MB_PER_CPU = 1769  # https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html


@logger.inject_lambda_context(clear_state=True)
def run(event: object, context: LambdaContext) -> dict[str, Any]:
    """Find the feature vectors of images.

    Args:
        event: `{"batch": "exec-…", "work": "work/exec-…/image-00001.jsonl"}`.
        context: Lambda's; a call ends before its time does.

    Returns:
        `done`, and of this call `files`, `indexed`, `skipped`, `failed`.

    Raises:
        JobError: the call is malformed, or no file can be read at all.
    """
    with logs.failing_aloud(logger):
        return job.run(event, context, logger, _worker_for)


def _worker_for(given: Variables, limits: Limits, store: Store) -> Worker:
    key = given.required("MODEL_KEY", "the image model's key in the raw bucket, models/….onnx")
    sha256 = given.required("MODEL_SHA256", "the SHA-256 that `make model` printed")
    path = model.fetch(store, key, sha256, Path(tempfile.gettempdir()))
    return _worker(path, _cpus(os.environ), limits.memory_mb)


@cache
def _worker(path: Path, cpus: int, memory_mb: int) -> Worker:
    options = {"model": str(path), "threads": cpus}
    return Worker("nas_sync.images.extractor", options, memory_mb)


def _cpus(environ: Mapping[str, str]) -> int:
    """How many CPUs a function's memory buys; more threads would only wait for one another."""
    there = len(os.sched_getaffinity(0))
    if size := environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"):
        return min(there, max(1, round(int(size) / _MB_PER_CPU)))
    return there
