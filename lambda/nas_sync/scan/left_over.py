"""Files that only batches knew which never came to their end, and that are gone by now.

Such a batch may have indexed them, or a reconciliation has found them in the index. No manifest
tells of them, so nobody else would take them out of it, and no later batch could be reconciled.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge as merge_sorted
from itertools import groupby

from nas_sync import keys
from nas_sync.records import Entry
from nas_sync.scan import listing
from nas_sync.scan.batches import Previous, Scan
from nas_sync.scan.moves import Gone
from nas_sync.sorted_rows import merge
from nas_sync.store import Store


def note(
    store: Store,
    batch: str,
    last: Previous | None,
    others: Sequence[Scan],
    *,
    different: Iterable[Entry],
    gone: Gone,
) -> int:
    """Take note of those that are gone.

    Args:
        store: the raw bucket.
        batch: the one that is scanned; its listing is written.
        last: the batch that was reconciled last.
        others: the batches since then that weren't.
        different: what their reconciliations found, sorted by key.
        gone: gets them as if they had failed: nobody knows whether their text is in the index.

    Returns:
        How many files those batches knew besides the last one's, gone or not.
    """
    before = listing.reconciled(store, last["batch"] if last else None)
    known = 0
    unknown = _only_left(merge(_listed(store, others, different), before))
    for left, here in merge(unknown, listing.read(store, keys.listing(batch))):
        known += left is not None
        if left is not None and here is None:
            gone.add({**left, "status": "failed"})
    return known


def _listed(store: Store, others: Sequence[Scan], different: Iterable[Entry]) -> Iterator[Entry]:
    """What these batches listed or found, each file once; a listing knows more of it."""
    files = merge_sorted(
        *(listing.read(store, keys.listing(each["batch"])) for each in others),
        different,
        key=lambda row: row["key"],
    )
    return (next(rows) for _, rows in groupby(files, key=lambda row: row["key"]))


def _only_left(pairs: Iterator[tuple[Entry | None, Entry | None]]) -> Iterator[Entry]:
    return (left for left, right in pairs if left is not None and right is None)
