"""The entry points of the Lambda functions of dynamodb-export, one each."""

from __future__ import annotations

import json
import os
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from batchworks import logs, metrics
from batchworks.events import Cause, cause_of
from dynamodb_export import BATCH, EXPORT, FOLLOW_UP, PACKAGE, PARTITION, SERVICE, clients, settings
from dynamodb_export.controls import Controls
from dynamodb_export.native import batch, following, starting
from dynamodb_export.native.run import Run as NativeRun
from dynamodb_export.partition import partitioning, report
from dynamodb_export.scan import export, requests
from dynamodb_export.settings import Settings

logger = logs.start(SERVICE, PACKAGE)
_RESERVE = 60_000  # milliseconds in which what is under way is finished


@dataclass(frozen=True)
class _Run:
    """What started a run, and what it is told."""

    settings: Settings
    cause: Cause


@logger.inject_lambda_context(clear_state=True)
def export_table(event: object, context: LambdaContext) -> dict[str, Any]:
    """Scan one table into the bucket; of a schedule, ask for a run of its own for each table.

    Returns:
        `Export completed successfully` with itemCount and s3Location, or `Export in progress` with
        the continuation's id; of a schedule `Exports requested`.

    Raises:
        JobError: the request is malformed, or the export failed.
    """
    with _running(EXPORT, event, context) as run:
        now = datetime.now(UTC)
        own_id = run.cause.event_id or context.aws_request_id
        if run.cause.trigger == "schedule":
            tables = requests.ask_for_all(run.settings, own_id, now, clients.events())
            _say_end("Exports requested", "complete", tables=tables)
            return _answer({"message": "Exports requested", "tables": tables})
        request = requests.request(run.settings, run.cause.request, own_id, now)
        logger.append_keys(table=request.plan.name, run_id=request.run)
        controls = Controls(time_left=lambda: context.get_remaining_time_in_millis() / 1000)
        result = export.run(run.settings, export.connect(run.settings), request, controls)
        if result.outcome == "complete":  # counts go on from run to run
            _emit(EXPORT, run.settings, ItemsExported=result.items, BytesExported=result.size)
        told = requests.told(result)
        _say_end(result.message, result.outcome, **told)
        return _answer({"message": result.message, **told})


@logger.inject_lambda_context(clear_state=True)
def batch_export(event: object, context: LambdaContext) -> dict[str, Any]:
    """Let AWS export tables into the bucket.

    Returns:
        `Batch export initiated` with a row for each export, INITIATED or FAILED.

    Raises:
        JobError: the request is malformed, or all exports failed.
    """
    with _running(BATCH, event, context) as run:
        wanted = batch.wanted(run.settings, run.cause.request)
        rows = list(starting.export_tables(_native_run(run.settings), wanted))
        failed = len({row.table for row in rows if row.failed})
        started = sum(not row.failed for row in rows)
        _emit(BATCH, run.settings, ExportsStarted=started, TablesFailed=failed)
        batch.require_any(rows)
        results = [row.answer() for row in rows]
        _say_end("Batch export initiated", "partial" if failed else "complete", results=results)
        return _answer({"message": "Batch export initiated", "results": results})


@logger.inject_lambda_context(clear_state=True)
def follow_up(event: object, context: LambdaContext) -> dict[str, Any]:
    """Look how the exports that AWS makes come on; verify and announce those that ended.

    Returns:
        `Exports followed` with how many completed, failed and are open; what went wrong with one
        table is counted.

    Raises:
        JobError: the ledgers can't be listed.
    """
    with _running(FOLLOW_UP, event, context) as run:
        counts = following.follow(_native_run(run.settings))
        failed = counts["Failed"] + counts["Trouble"]
        _emit(
            FOLLOW_UP,
            run.settings,
            ExportsCompleted=counts["Completed"],
            ExportsOverdue=counts["Overdue"],
            TablesFailed=failed,
        )
        told = {name.lower(): count for name, count in counts.items()}
        _say_end("Exports followed", "partial" if failed else "complete", **told)
        return _answer({"message": "Exports followed", **told})


@logger.inject_lambda_context(clear_state=True)
def partition(event: object, context: LambdaContext) -> dict[str, Any]:
    """Move what was exported to the partition of its day; with `dryRun` only tell what would be.

    Returns:
        `Partitioning completed` with processedCount, and what was left and why.

    Raises:
        JobError: the request is malformed, or an object could not be moved.
    """
    with _running(PARTITION, event, context) as run:
        done = partitioning.partition(
            clients.s3(run.settings.account_id),
            run.settings.bucket,
            dry=report.is_dry(run.cause.request),
            goes_on=lambda: context.get_remaining_time_in_millis() > _RESERVE,
        )
        _emit(
            PARTITION,
            run.settings,
            ObjectsMoved=done.moved,
            ObjectsFailed=len(done.troubles),
            ExportsWaiting=done.waiting,
        )
        done.require_success()
        told = done.told()
        _say_end("Partitioning completed", "complete" if done.finished else "partial", **told)
        return _answer({"message": "Partitioning completed", **told})


@contextmanager
def _running(job: str, event: object, context: LambdaContext) -> Iterator[_Run]:
    """Read what a run is told; log the error that ends it with the fields callers look for.

    Raises:
        JobError: the run failed, so that alarms, retries and dead letters work.
    """
    with logs.failing_aloud(logger):
        try:
            yield _begin(job, event)
        except Exception as error:
            logger.append_keys(
                error=str(error), stack=traceback.format_exc(), functionName=context.function_name
            )
            raise


def _begin(job: str, event: object) -> _Run:
    cause = cause_of(event, job)
    logger.append_keys(job=job, trigger=cause.trigger, event_id=cause.event_id)
    logger.info(f"started by {cause.trigger}")
    given = settings.load(os.environ)
    cause.require(given.environment)
    logs.set_level(SERVICE, "DEBUG" if given.debug else "INFO", PACKAGE)
    return _Run(given, cause)


def _native_run(given: Settings) -> NativeRun:
    return NativeRun(
        dynamodb=clients.dynamodb(),
        s3=clients.s3(given.account_id),
        events=clients.events(),
        environment=given.environment,
        bucket=given.bucket,
        account_id=given.account_id,
        now=datetime.now(UTC).replace(microsecond=0),
    )


def _emit(job: str, given: Settings, **counts: float) -> None:
    metrics.emit(job, given.environment, counts)


def _say_end(message: str, outcome: str, **fields: object) -> None:
    """The last line of a run, by which it is known how it ended."""
    logger.info(message, extra={"outcome": outcome, **fields})


def _answer(body: Mapping[str, Any]) -> dict[str, Any]:
    """What callers of the functions read."""
    return {"statusCode": 200, "body": json.dumps(body, ensure_ascii=False)}
