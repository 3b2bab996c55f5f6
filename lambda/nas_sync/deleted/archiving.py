"""Archives the files of a batch that are gone, takes them out of the index and marks them."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import Any, Literal, NotRequired, TypedDict, cast

from opensearchpy import OpenSearch

from nas_sync import keys
from nas_sync.catalogue import table
from nas_sync.catalogue.table import Table
from nas_sync.deleted import copying, places, versions
from nas_sync.errors import MissingObject
from nas_sync.records import Deleted, file_id, index_of, kind_of
from nas_sync.scan import batches
from nas_sync.search import bulk, indices
from nas_sync.search.bulk import Target
from nas_sync.settings import SearchSettings
from nas_sync.store import Store

_AT_ONCE = 16  # files; of big ones, eight parts each
_PART = 512  # files whose ends are noted in one object
_RESERVE = 120  # seconds in which what was begun is finished
_logger = logging.getLogger(__name__)


class Gone(TypedDict):
    """What became of a deleted file: a line of `archived/<batch>/…`."""

    key: str
    status: Literal["archived", "moved", "failed"]
    archived_to: NotRequired[str]  # s3://…
    moved_to: NotRequired[str]
    reason: NotRequired[str]  # of a failed one: no_version, there was nothing left to archive


@dataclass(frozen=True)
class Estate:
    """What is worked with."""

    raw: Store
    archive: Store
    table: Table
    search: OpenSearch
    indices: SearchSettings
    time_left: Callable[[], float]  # seconds until this call must have ended


@dataclass(frozen=True)
class _Step:
    """What is done: the batch, and when its scan missed the files."""

    batch: str
    version: int  # milliseconds since 1970

    @property
    def missed(self) -> datetime:
        return datetime.fromtimestamp(self.version / 1000, UTC)


def archive(estate: Estate, batch: str) -> dict[str, Any]:
    """Go on where the last call ended, as far as there is time.

    Args:
        estate: what is worked with.
        batch: the batch.

    Returns:
        `done` (whether all deleted files are through), and of this call `archived_count`,
        `moved_count` and `failed_count`.

    Raises:
        BatchNotFound: it was never scanned.
        CopyError: a copy isn't what its source is.
        SearchUnavailable, SearchError: of OpenSearch.
        AwsUnavailable, AccessDenied: of S3 or DynamoDB.
    """
    scan = batches.scan_of(estate.raw, keys.batch_of(batch))
    step = _Step(scan["batch"], scan["version"])
    position = keys.reach(estate.raw.keys(keys.all_archived(step.batch)))
    rows = islice(_rows(estate.raw, step.batch), position, None)
    counts: Counter[str] = Counter()
    done = False
    while not done and (not counts or estate.time_left() > _RESERVE):
        ends = _part(estate, step, rows)
        if ends:
            _remove(estate, step, [end["key"] for end in ends])
            after = position + len(ends)
            estate.raw.write_lines(keys.archived(step.batch, position, after), ends)
            position = after
        counts.update(end["status"] for end in ends)
        done = len(ends) == 0
    kinds = ("archived", "moved", "failed")
    return {"done": done, **{f"{kind}_count": counts[kind] for kind in kinds}}


def _rows(store: Store, batch: str) -> Iterator[Deleted]:
    yield from cast("Iterator[Deleted]", store.lines(keys.deleted(batch)))


def _part(estate: Estate, step: _Step, rows: Iterator[Deleted]) -> list[Gone]:
    """Archive and mark some files: a full part, or as many as there is time for, but a few."""
    ends: list[Gone] = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        while len(ends) < _PART and (not ends or estate.time_left() > _RESERVE):
            some = list(islice(rows, _AT_ONCE))
            if not some:
                break
            ends += pool.map(partial(_one, estate, step), some)
    return ends


def _one(estate: Estate, step: _Step, row: Deleted) -> Gone:
    moment = step.missed.strftime("%Y-%m-%dT%H:%M:%SZ")
    key = row["key"]
    if "moved_to" in row:
        path = row["moved_to"].removeprefix(keys.DATA)
        table.mark_gone(estate.table, key, moment, moved_to=path)
        return {"key": key, "status": "moved", "moved_to": row["moved_to"]}
    kept = _archived(estate, step, row)
    if kept is None:
        _logger.error("nothing is left of a deleted file to archive", extra={"key": key})
        table.mark_gone(estate.table, key, moment)
        return {"key": key, "status": "failed", "reason": "no_version"}
    table.mark_gone(estate.table, key, moment, archived_to=kept)
    return {"key": key, "status": "archived", "archived_to": kept}


def _archived(estate: Estate, step: _Step, row: Deleted) -> str | None:
    """Where the file's last version is kept now; None where there is none."""
    try:
        version = versions.last(estate.raw, row["key"], row["etag"])
        if version is None:
            return None
        candidates = places.keys_for(row["key"], version.etag, version.deleted or step.missed)
        key = copying.archive(estate.raw, version, estate.archive, candidates)
    except MissingObject:  # it went while we looked
        return None
    return estate.archive.address(key)


def _remove(estate: Estate, step: _Step, gone: Sequence[str]) -> None:
    """Take files out of the index; what a newer batch wrote stays there."""
    for which in indices.NAMES:
        alias = estate.indices.alias(which)
        some = [key for key in gone if index_of(kind_of(key)) == which]
        if some and indices.live(estate.search, alias):
            target = Target(estate.search, alias, step.version)
            bulk.send(target, [bulk.remove(file_id(key)) for key in some])
