"""Finds the channels that the settings name."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from batchworks.errors import JobError
from sync_batch.quota import IDS_PER_CALL, lookup_calls
from sync_batch.records import Channel
from sync_batch.transport import BudgetSpentError
from sync_batch.youtube import YouTube

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """Channels that exist, each once, and names that nothing answers to."""

    channels: tuple[Channel, ...]
    missing: tuple[str, ...]


def find(api: YouTube, names: Sequence[str], workers: int) -> Found:
    """Look channels up by id and @handle.

    Args:
        api: YouTube.
        names: ids and @handles, each once.
        workers: calls at the same time.

    Raises:
        BudgetSpentError: looking them up costs more than may be spent.
        JobError: none of them exists, or YouTube refuses (sync_batch.youtube).
    """
    if (cost := lookup_calls(names)) > api.meter.left:
        raise BudgetSpentError(f"looking up the channels costs {cost} units")
    ids = [name for name in names if not name.startswith("@")]
    batches = [ids[n : n + IDS_PER_CALL] for n in range(0, len(ids), IDS_PER_CALL)]
    calls = [
        *(partial(_by_id, api, batch) for batch in batches),
        *(partial(_by_handle, api, name) for name in names if name.startswith("@")),
    ]
    by_name: dict[str, Channel] = {}
    with ThreadPoolExecutor(workers) as pool:
        try:
            for found in pool.map(lambda call: call(), calls):
                by_name |= found
        except JobError:
            api.give_up()
            raise
    missing = tuple(name for name in names if name not in by_name)
    for name in missing:
        logger.warning(
            "channel %s doesn't exist (any more): its history stays; take it out of "
            "YOUTUBE_CHANNELS",
            name,
        )
    if len(missing) == len(names):
        raise JobError(
            f"none of the {len(names)} channels in YOUTUBE_CHANNELS exists: {', '.join(names[:10])}"
        )
    return Found(_each_once(by_name), missing)


def _by_id(api: YouTube, ids: Sequence[str]) -> dict[str, Channel]:
    return {channel.channel_id: channel for channel in api.channels(ids)}


def _by_handle(api: YouTube, handle: str) -> dict[str, Channel]:
    channel = api.channel_of(handle)
    return {handle: channel} if channel else {}


def _each_once(by_name: dict[str, Channel]) -> tuple[Channel, ...]:
    found: dict[str, str] = {}
    for name, channel in by_name.items():
        if (first := found.setdefault(channel.channel_id, name)) != name:
            logger.warning("%s and %s are the same channel: keep one of them", first, name)
    return tuple({channel.channel_id: channel for channel in by_name.values()}.values())
