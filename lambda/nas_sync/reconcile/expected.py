"""What has to be in OpenSearch and DynamoDB, file by file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from heapq import merge as merge_sorted
from typing import cast

from nas_sync import keys
from nas_sync.ahead import ahead
from nas_sync.deleted.archiving import Gone
from nas_sync.errors import MissingObject
from nas_sync.records import Entry, Outcome
from nas_sync.scan import listing
from nas_sync.scan.batches import Scan
from nas_sync.scan.changes import is_same
from nas_sync.scan.work_files import Item
from nas_sync.sorted_rows import Cursor, in_order, merge
from nas_sync.store import Store

_AT_ONCE = 8  # objects of each kind that are read ahead


@dataclass(slots=True)
class Expected:
    """A file that is known, or was. Not frozen: a million of them take half the time."""

    key: str
    entry: Entry | None  # with its status; None: it is gone
    outcome: Outcome | None = None  # of this batch
    missing: str | None = None  # what this batch should have done, and didn't
    gone: Gone | None = None  # what became of it when it went


@dataclass(frozen=True)
class Sources:
    """All that is known about the files of a batch, sorted by key."""

    current: Iterable[Entry]
    previous: Iterable[Entry]  # and what batches since then knew, where it is gone
    outcomes: Cursor[Outcome]
    archived: Cursor[Gone]


def sources(store: Store, scan: Scan, pool: Executor) -> Sources:
    """Where a batch's files are told of.

    Args:
        store: the raw bucket.
        scan: of the batch.
        pool: reads small objects ahead.
    """
    return Sources(
        current=listing.read(store, keys.listing(scan["batch"])),
        previous=_before(store, scan),
        outcomes=Cursor(_outcomes(store, scan, pool)),
        archived=Cursor(_archived(store, scan["batch"])),
    )


def expected(scan: Scan, given: Sources) -> Iterator[Expected]:
    """What has to be there, by key.

    A file whose deletion isn't detected stays as it was.
    """
    for now, before in merge(given.current, given.previous):
        if now is not None:
            yield _present(scan, now, before, given.outcomes.find(now["key"]))
        elif before is not None:
            yield _gone(scan, before, given)


def _before(store: Store, scan: Scan) -> Iterator[Entry]:
    """The files of the last batch, and those that are gone which only batches since then knew.

    No other file can have been left in OpenSearch or DynamoDB.
    """
    known = listing.reconciled(store, scan["previous"])
    for before, gone in merge(known, listing.read(store, scan["deleted_key"])):
        if (row := before or gone) is not None:  # one of them is there
            yield row


def _present(scan: Scan, now: Entry, before: Entry | None, outcome: Outcome | None) -> Expected:
    if outcome is not None:
        row: Entry = {**now, "status": outcome["status"]}
        if "reason" in outcome:
            row["reason"] = outcome["reason"]
        return Expected(now["key"], row, outcome)
    if before is None or scan["full_sync"] or _has_changed(now, before):
        return Expected(now["key"], {**now, "status": "failed"}, missing="it was not indexed")
    return Expected(now["key"], before)


def _has_changed(now: Entry, before: Entry) -> bool:
    return not is_same(now, before) or before.get("status") == "failed"


def _gone(scan: Scan, before: Entry, given: Sources) -> Expected:
    key = before["key"]
    if not scan["deletions_detected"]:
        return Expected(key, before)
    gone = given.archived.find(key)
    return Expected(key, None, gone=gone, missing=None if gone else "it was not archived")


def _outcomes(store: Store, scan: Scan, pool: Executor) -> Iterator[Outcome]:
    """What became of the files in all work files; those of a kind are sorted from file to file."""
    items: list[Item] = store.read_json(scan["index_key"])  # at most 9,900
    kinds = sorted({item["kind"] for item in items})

    def of_kind(kind: str) -> Iterator[Outcome]:
        work = (item["work"] for item in items if item["kind"] == kind)
        names = (keys.indexed(scan["batch"], keys.name_of(key)) for key in work)
        with closing(ahead(pool, lambda key: _read(store, key), names, _AT_ONCE)) as found:
            for key, rows in found:
                yield from in_order(rows, store.address(key))

    return merge_sorted(*map(of_kind, kinds), key=lambda row: row["key"])


def _read(store: Store, key: str) -> list[Outcome]:
    """The outcomes of a work file; none where it was not indexed."""
    try:
        return cast("list[Outcome]", list(store.lines(key)))
    except MissingObject:
        return []


def _archived(store: Store, batch: str) -> Iterator[Gone]:
    """What became of each deleted file; two calls may have worked on the same ones."""
    last = ""
    for key in store.keys(keys.all_archived(batch)):
        for row in cast("Iterator[Gone]", store.lines(key)):
            if row["key"] > last:
                last = row["key"]
                yield row
