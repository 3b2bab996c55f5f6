"""A scan: the bucket is listed, compared with the last batch, and the work is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nas_sync import keys
from nas_sync.records import Change, Entry, Work, extension, kind_of
from nas_sync.scan import batches, brake, doubts, left_over, listing, moves, work_files
from nas_sync.scan.batches import Previous, Scan
from nas_sync.scan.changes import Comparison, State, compare
from nas_sync.scan.moves import Gone
from nas_sync.scan.settings import Settings
from nas_sync.scan.work_files import WorkFiles
from nas_sync.store import Store


@dataclass(frozen=True)
class Request:
    """What a scan is asked for."""

    sync_batch_id: str  # ARN of the transfer, or its last part where a batch is continued
    batch_type: str
    full_sync: bool = False  # process everything again
    release_brake: bool = False
    resume: bool = False  # the batch was scanned before

    @property
    def batch(self) -> str:
        """As keys name it."""
        return keys.batch_of(self.sync_batch_id)


@dataclass
class _Found:
    """What is counted while the listing is compared."""

    total_size_bytes: int = 0
    left_over: int = 0  # files that only batches knew which were not reconciled
    kinds: Counter[str] = field(default_factory=Counter)
    states: Counter[State] = field(default_factory=Counter)

    def count(self, found: Comparison) -> None:
        self.states[found.state] += 1
        if found.state is not State.GONE:
            self.kinds[kind_of(found.entry["key"])] += 1
            self.total_size_bytes += found.entry["size"]

    @property
    def known(self) -> int:
        """How many files the last batch had, and batches since."""
        return self.states.total() - self.states[State.NEW] + self.left_over

    @property
    def work(self) -> int:
        """How many files are to be extracted or moved."""
        return sum(self.states[state] for state in (State.NEW, State.CHANGED, State.RETRIED))


def scan(store: Store, settings: Settings, request: Request, now: datetime) -> Scan:
    """What changed since the last batch that was reconciled.

    The scan's own object is written last: until then it is done again from the beginning, then
    it is answered from there.

    Args:
        store: the raw bucket.
        settings: of the function.
        request: which batch.
        now: the time.

    Raises:
        BrakeEngaged: more files are gone than a month explains.
        BatchNotFound: the batch that is to be continued wasn't scanned, or is out of date.
        JobError: S3 refuses something.
    """
    found = batches.find_scan(store, request.batch)
    if found is not None:
        batches.require_newest(store, found)
    elif request.resume:
        raise batches.not_found(store, request.batch)
    else:
        found = _scan(store, settings, request, now)
    if not request.release_brake:
        brake.judge(store, found, settings.brake_percent)
    return _begun(store, found)


def _scan(store: Store, settings: Settings, request: Request, now: datetime) -> Scan:
    last = batches.previous(store)
    batch = request.batch
    others = [each for each in batches.unfinished(store, last) if each["batch"] != batch]
    begun = [each for each in others if each["begun"]]
    everything = request.full_sync or any(each["full_sync"] for each in begun)
    with moves.gone() as gone, doubts.differing(store, others) as different:
        found = _list(store, batch, last, gone, settings.detects_deletions)
        if settings.detects_deletions:
            found.left_over = left_over.note(
                store, batch, last, others, different=different(), gone=gone
            )
        most = found.kinds.total() if everything or begun else found.work
        size = work_files.lines_per_file(most, settings.work_file_size)
        with work_files.writing(store, batch, size) as files:
            changes = _changes(store, batch, last, everything=everything)
            changes = doubts.resolve(store, changes, begun, different())
            # Batches that never ended may have taken out of the index what is to be copied there.
            copies = not everything and not others
            counts = _write_work(changes, gone, files, copies=copies)
        extract_count, index_count = work_files.write_lists(store, batch, files.items)
        deleted = _write_deleted(store, batch, gone)
    result: Scan = {
        "batch": batch,
        "sync_batch_id": request.sync_batch_id,
        "batch_type": request.batch_type,
        "full_sync": everything,
        "version": _version(now, [last, *others] if last else others),
        "scanned_at": now.isoformat(timespec="seconds"),
        "previous": last["batch"] if last else None,
        "known": found.known,
        "total_files": found.kinds.total(),
        "total_size_bytes": found.total_size_bytes,
        "documents": found.kinds["document"],
        "images": found.kinds["image"],
        "others": found.kinds["other"],
        "new": counts["new"],
        "changed": counts["changed"],
        "retried": counts["retried"],
        "moved": counts["moved"],
        "deleted": deleted,
        "unchanged": counts["unchanged"],
        "work_lines": files.lines,
        "work_file_size": size,
        "extract_count": extract_count,
        "index_count": index_count,
        "extract_key": keys.work_list(batch, "extract"),
        "index_key": keys.work_list(batch, "index"),
        "deleted_key": keys.deleted(batch),
        "deletions_detected": settings.detects_deletions,
        "begun": False,
    }
    store.write_json(keys.scan(batch), result)
    return result


def _begun(store: Store, scan: Scan) -> Scan:
    """Write down that this batch goes on, before it does anything that others have to know of."""
    if not scan["begun"]:
        scan = {**scan, "begun": True}
        store.write_json(keys.scan(scan["batch"]), scan)
    return scan


def _version(now: datetime, before: Sequence[Scan | Previous]) -> int:
    """Of the batch's documents: greater than of all before, whatever the clock says."""
    return max([int(now.timestamp() * 1000), *(each["version"] + 1 for each in before)])


def _list(
    store: Store, batch: str, last: Previous | None, gone: Gone, detects_deletions: bool
) -> _Found:
    """Write the listing down, count, and take note of what is gone."""
    found = _Found()
    with store.writing(keys.listing(batch)) as out:

        def written() -> Iterator[Entry]:
            for entry in listing.listed(store):
                out.write(entry)
                yield entry

        for comparison in compare(written(), _known(store, last), everything=False):
            found.count(comparison)
            if comparison.state is State.GONE and detects_deletions:
                gone.add(comparison.entry)
    return found


def _changes(
    store: Store, batch: str, last: Previous | None, *, everything: bool
) -> Iterator[Comparison]:
    current = listing.read(store, keys.listing(batch))
    return compare(current, _known(store, last), everything=everything)


def _known(store: Store, last: Previous | None) -> Iterator[Entry]:
    return listing.read(store, keys.reconciled(last["batch"])) if last else iter(())


def _write_work(
    changes: Iterator[Comparison], gone: Gone, files: WorkFiles, *, copies: bool
) -> Counter[str]:
    """Write work files; how many files there are of each change, and unchanged ones."""
    counts: Counter[str] = Counter()
    for found in changes:
        if found.state is State.GONE:
            continue
        if found.state is State.UNCHANGED:
            counts["unchanged"] += 1
            continue
        origin = _origin(found, gone, copies=copies)
        change: Change = "moved" if origin else _CHANGES[found.state]
        work = _work(found.entry, change)
        if origin:
            work["moved_from"] = origin
        files.add("moved" if origin else work["kind"], work)
        counts[change] += 1
    return counts


_CHANGES: dict[State, Change] = {
    State.NEW: "new",
    State.CHANGED: "changed",
    State.RETRIED: "retried",
}


def _origin(found: Comparison, gone: Gone, *, copies: bool) -> str | None:
    """The key under which a new file was indexed, if what is indexed there is right here, too."""
    if found.state is not State.NEW or (before := gone.moved(found.entry)) is None:
        return None
    key, status = before
    same_kind = extension(key) == extension(found.entry["key"])
    return key if same_kind and status != "failed" and copies else None


def _work(entry: Entry, change: Change) -> Work:
    return {
        "key": entry["key"],
        "size": entry["size"],
        "etag": entry["etag"],
        "kind": kind_of(entry["key"]),
        "change": change,
    }


def _write_deleted(store: Store, batch: str, gone: Gone) -> int:
    """Write down what is gone; how many of these files have not moved."""
    deleted = 0
    with store.writing(keys.deleted(batch)) as out:
        for row in gone.rows():
            out.write(row)
            deleted += "moved_to" not in row
    return deleted
