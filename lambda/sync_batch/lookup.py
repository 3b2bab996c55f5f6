"""Finds the channels that the settings name."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

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
    if (calls := lookup_calls(names)) > api.meter.left:
        raise BudgetSpentError(f"looking up the channels costs {calls} units")
    ids = [name for name in names if not name.startswith("@")]
    batches = [ids[n : n + IDS_PER_CALL] for n in range(0, len(ids), IDS_PER_CALL)]
    handles = [name for name in names if name.startswith("@")]
    with ThreadPoolExecutor(workers) as pool:
        answers = pool.map(api.channels, batches)
        owners = pool.map(api.channel_of, handles)
        by_name = {channel.channel_id: channel for answer in answers for channel in answer}
        by_name |= {name: owner for name, owner in zip(handles, owners, strict=True) if owner}
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


def _each_once(by_name: dict[str, Channel]) -> tuple[Channel, ...]:
    found: dict[str, str] = {}
    for name, channel in by_name.items():
        if (first := found.setdefault(channel.channel_id, name)) != name:
            logger.warning("%s and %s are the same channel: keep one of them", first, name)
    return tuple({channel.channel_id: channel for channel in by_name.values()}.values())
