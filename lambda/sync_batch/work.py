"""What a run does once it has the lock: look up → read → tables → CSV → database."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sync_batch import audit, csv_store, lookup, postgres, quota, reading, result, tables
from sync_batch.controls import Controls
from sync_batch.limits import Limits
from sync_batch.postgres import Connection
from sync_batch.reading import Reading
from sync_batch.records import Channel
from sync_batch.result import Result
from sync_batch.settings import Settings
from sync_batch.transport import BudgetSpentError
from sync_batch.youtube import YouTube

NOTE_SECONDS = 2.0  # between notes of the quota used so far
_LONG_AGO = datetime.min.replace(tzinfo=UTC)

logger = logging.getLogger(__name__)


def do(settings: Settings, connection: Connection, run: audit.Run, controls: Controls) -> Result:
    """Read what the limits allow and commit what is complete.

    Args:
        settings: what is to be done.
        connection: the session that holds the lock.
        run: as the audit knows it.
        controls: how the caller steers and watches.

    Raises:
        JobError: something ended the run early. Complete channels are committed by then.
    """
    tally = controls.tally
    used = audit.quota_used_since(connection, quota.day_start(run.started_at))
    left = max(0, settings.youtube_quota_budget - used)
    api = YouTube(settings.youtube_api_key, settings.youtube_endpoint, budget=left)
    try:
        found, got = _read(settings, connection, run, api, controls)
    except BudgetSpentError:
        end = result.without_quota(run, len(settings.youtube_channels), api.meter.used)
        audit.finish(connection, end)
        return end
    finally:
        tally.quota_used = api.meter.used
    end = result.of_reading(run, found, got, api.meter.used)
    tally.channels_waiting = end.channels_total - end.channels_missing - end.channels
    audit.note_quota(connection, run, api.meter.used)
    with TemporaryDirectory() as folder:
        with tally.phase("csv"):
            _keep_csv(settings, run, got, Path(folder))
        with tally.phase("merge"), postgres.transaction(connection):
            rows = postgres.merge(connection, tables.TABLES, Path(folder), run.started_at)
            audit.finish(connection, end, got.failure)
    tally.rows = rows
    if got.failure:
        told = f"{got.failure}. What was read by then is kept: {end.message}"
        raise type(got.failure)(told) from got.failure
    return end


def _read(
    settings: Settings, connection: Connection, run: audit.Run, api: YouTube, controls: Controls
) -> tuple[lookup.Found, Reading]:
    tally = controls.tally
    with tally.phase("lookup"):
        found = lookup.find(api, settings.youtube_channels, settings.youtube_workers)
    tally.channels_total = len(found.channels)
    tally.videos_total = sum(channel.video_count or 0 for channel in found.channels)
    limits = Limits(
        workers=settings.youtube_workers,
        largest_channel=settings.youtube_quota_budget
        - quota.lookup_calls(settings.youtube_channels),
        time_left=controls.time_left,
        brake=controls.brake,
    )
    waiting = _longest_first(found.channels, postgres.last_synced(connection))
    with tally.phase("read"):
        return found, reading.read(api, waiting, limits, _watcher(connection, run, api, controls))


def _longest_first(channels: Iterable[Channel], synced: dict[str, datetime]) -> list[Channel]:
    """Channels in the order in which they are read: the one that waited longest first."""
    return sorted(channels, key=lambda channel: synced.get(channel.channel_id, _LONG_AGO))


def _watcher(
    connection: Connection, run: audit.Run, api: YouTube, controls: Controls
) -> Callable[[Reading], None]:
    """Passes on what was read so far, and notes the quota used, should the run be killed."""
    tally, noted = controls.tally, time.monotonic()

    def watch(got: Reading) -> None:
        nonlocal noted
        tally.channels_read, tally.videos_read = len(got.channels), got.videos_seen
        tally.quota_used = api.meter.used
        controls.watch()
        if time.monotonic() - noted > NOTE_SECONDS:
            audit.note_quota(connection, run, api.meter.used)
            noted = time.monotonic()

    return watch


def _keep_csv(settings: Settings, run: audit.Run, got: Reading, folder: Path) -> None:
    """Write the run's CSV files, and add them to what is kept for the day."""
    for table, frame in tables.frames(got.channels, got.videos, run.day).items():
        tables.write(table, frame, folder)
    got.videos.clear()  # from here on the files are what counts
    if got.channels:
        store = csv_store.open_store(settings.csv_bucket, settings.csv_folder)
        logger.info("the day's CSV files: %s", csv_store.add(store, run.day, folder))
