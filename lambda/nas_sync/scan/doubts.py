"""Files that are as the last batch left them, and that the index may hold otherwise all the same.

A batch that never came to its end may have indexed another content of such a file, or have taken it
out of the index; and a reconciliation that failed has listed what it found. These files are done
again, so that the next reconciliation agrees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from nas_sync import keys
from nas_sync.errors import MissingObject
from nas_sync.records import Entry
from nas_sync.scan import listing
from nas_sync.scan.batches import Scan
from nas_sync.scan.changes import Comparison, State, is_same
from nas_sync.scan.disk import database
from nas_sync.sorted_rows import Cursor
from nas_sync.store import Store

Differing = Callable[[], Iterator[Entry]]


@contextmanager
def differing(store: Store, others: Sequence[Scan]) -> Iterator[Differing]:
    """What the reconciliations of batches found that differs. It may be all, so it lies on disk.

    Args:
        store: the raw bucket.
        others: the batches since the last one was reconciled.

    Returns:
        Gives the files, each once and sorted by key, as often as it is called. Their size and
        content are not known.
    """
    with database() as found:
        found.execute("CREATE TABLE differing (key TEXT PRIMARY KEY) WITHOUT ROWID")
        for each in others:
            told = ((row["key"],) for row in _differences(store, each["batch"]))
            found.executemany("INSERT OR IGNORE INTO differing VALUES (?)", told)

        def rows() -> Iterator[Entry]:
            for (key,) in found.execute("SELECT key FROM differing ORDER BY key"):
                yield {"key": key, "size": 0, "etag": ""}

        yield rows


def resolve(
    store: Store, found: Iterable[Comparison], others: Sequence[Scan], different: Iterable[Entry]
) -> Iterator[Comparison]:
    """Take what is in doubt for changed.

    Args:
        store: the raw bucket.
        found: what the files are since the last batch, by key.
        others: the batches since then that may have indexed something.
        different: what `differing` gives.

    Returns:
        All that was found.
    """
    listings = [Cursor(listing.read(store, keys.listing(each["batch"]))) for each in others]
    told = Cursor(different)
    for each in found:
        if each.state is State.UNCHANGED:
            key = each.entry["key"]
            others_saw = [rows.find(key) for rows in listings]
            if told.find(key) or not all(saw and is_same(saw, each.entry) for saw in others_saw):
                yield Comparison(State.CHANGED, each.entry)
                continue
        yield each


def _differences(store: Store, batch: str) -> Iterator[dict[str, str]]:
    try:
        yield from store.lines(keys.report(batch, keys.DIFFERENCES))
    except MissingObject:
        return  # it didn't come so far
