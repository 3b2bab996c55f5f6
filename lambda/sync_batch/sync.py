"""One run, in Lambda and by hand alike: take the lock, begin the audit, work, note failures."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import UTC, datetime
from uuid import uuid4

from batchworks.errors import JobError
from sync_batch import audit, postgres
from sync_batch.controls import Controls
from sync_batch.quota import TOKYO
from sync_batch.result import BUSY, Result
from sync_batch.settings import Settings

logger = logging.getLogger(__name__)


def run(settings: Settings, trigger: str, controls: Controls) -> Result:
    """Bring the numbers of all channels into the CSV files and the database.

    Args:
        settings: what is to be done, and with which servers.
        trigger: schedule, manual, invoke or operator.
        controls: how the caller steers and watches.

    Returns:
        The outcome `complete`; `partial` when channels wait for the next run; `busy` when another
        run is at work.

    Raises:
        JobError: the run failed. Channels that were complete by then are committed.
    """
    with closing(postgres.connect(settings)) as connection:
        if not postgres.take_lock(connection):
            return BUSY
        postgres.apply_schema(connection)
        this_run = _begin(connection, trigger)
        try:
            # pandas and googleapiclient take half a second: a run that is refused or finds
            # another one at work never imports them
            from sync_batch import work  # noqa: PLC0415

            return work.do(settings, connection, this_run, controls)
        except BaseException as error:
            _note_failure(settings, this_run, controls.tally.quota_used, error)
            raise


def _begin(connection: postgres.Connection, trigger: str) -> audit.Run:
    now = datetime.now(UTC)
    this_run = audit.Run(uuid4(), trigger, now.astimezone(TOKYO).date(), now)
    for killed in audit.begin(connection, this_run):
        logger.warning("run %s was killed before it ended; this run does its work", killed)
    return this_run


def _note_failure(
    settings: Settings, this_run: audit.Run, quota_used: int, error: BaseException
) -> None:
    """Tell the audit, on a session of its own: the run's may be what broke."""
    try:
        with closing(postgres.connect(settings)) as connection:
            audit.fail(connection, this_run, quota_used, error)
    except JobError as reason:
        logger.warning("sync_runs can't be told of the failure: %s", reason)
