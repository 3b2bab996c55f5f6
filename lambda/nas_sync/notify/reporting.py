"""Composes the mail of a run from what is known about it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from batchworks.errors import JobError
from nas_sync import SERVICE, keys
from nas_sync.errors import BatchNotFound
from nas_sync.notify import execution, mails
from nas_sync.notify.causes import failure
from nas_sync.notify.mails import Mail
from nas_sync.notify.remedies import Place
from nas_sync.store import Store

if TYPE_CHECKING:
    from mypy_boto3_datasync import DataSyncClient
    from mypy_boto3_stepfunctions import SFNClient

logger = logging.getLogger(SERVICE)


@dataclass(frozen=True)
class Places:
    """Where it is known."""

    store: Store  # the raw bucket
    sfn: SFNClient
    datasync: DataSyncClient
    state_machine: str  # ARN
    suffix: str  # of the functions' names


@dataclass(frozen=True)
class Run:
    """A run as the state machine describes it."""

    execution: str  # ARN
    batch: str | None  # the transfer's ARN, or its last part
    request: Mapping[str, Any]


def of_success(places: Places, run: Run) -> Mail:
    """The mail of a run that succeeded.

    Raises:
        MissingObject: the batch has no report.
    """
    key = keys.report(keys.batch_of(run.batch or ""), keys.REPORT)
    return mails.success(places.store.read_json(key), places.store.bucket, run.execution)


def of_failure(places: Places, run: Run, error: Any) -> Mail:
    """The mail of a run that failed; what can't be found out is left out."""
    place = Place(
        state_machine=places.state_machine,
        execution=run.execution,
        batch=_batch(run),
        raw_bucket=places.store.bucket,
        suffix=places.suffix,
    )
    found = failure(error, _failed_state(places, run))
    return mails.failed(found, run.request, place, _transfer_error(places, run))


def _batch(run: Run) -> str | None:
    """The batch's name; None before the first transfer, and where a request names none."""
    try:
        return keys.batch_of(run.batch or "")
    except BatchNotFound:
        return None


def _failed_state(places: Places, run: Run) -> str | None:
    try:
        return execution.failed_state(places.sfn, run.execution)
    except JobError as error:
        logger.warning("the failed state is unknown: %s", error)
        return None


def _transfer_error(places: Places, run: Run) -> str | None:
    if not (run.batch or "").startswith("arn:"):
        return None
    try:
        return execution.transfer_error(places.datasync, str(run.batch))
    except JobError as error:
        logger.warning("the transfer's error is unknown: %s", error)
        return None
