"""A scan: the bucket is listed, compared with the last batch, and the work is written down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nas_sync import keys
from nas_sync.errors import ObjectChanged
from nas_sync.records import Change, Entry, Work, extension, kind_of
from nas_sync.scan import batches, brake, doubts, left_over, listing, moves, work_files
from nas_sync.scan.batches import Previous, Scan
from nas_sync.scan.changes import Comparison, State, compare
from nas_sync.scan.doubts import Differing
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


@dataclass(frozen=True)
class _Written:
    """The work files that were written."""

    counts: Counter[str]  # of files, by change and "unchanged"
    lines: dict[str, int]  # of all work files of a kind
    size: int  # lines of a work file
    extract_count: int  # work files
    index_count: int


@dataclass(frozen=True)
class _Task:
    """What is scanned, and what came before."""

    store: Store  # the raw bucket
    settings: Settings
    request: Request
    last: Previous | None  # the batch that was reconciled last
    others: Sequence[Scan]  # that were scanned since then, and not reconciled

    @property
    def batch(self) -> str:
        return self.request.batch

    @property
    def begun(self) -> list[Scan]:
        """The others that may have indexed and archived something."""
        return [each for each in self.others if each["begun"]]

    @property
    def everything(self) -> bool:
        """Whether all files are processed again: asked for, or left over from such a batch."""
        return self.request.full_sync or any(each["full_sync"] for each in self.begun)


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
    known = batches.scan_of if request.resume else batches.find_scan
    found = known(store, request.batch)
    if found is None:
        found = _scan(store, settings, request, now)
    else:
        batches.require_newest(store, found)
    if not request.release_brake:
        brake.judge(store, found, settings.brake_percent)
    return _begun(store, found)


def _scan(store: Store, settings: Settings, request: Request, now: datetime) -> Scan:
    last = batches.previous(store)
    others = [each for each in batches.unfinished(store, last) if each["batch"] != request.batch]
    task = _Task(store, settings, request, last, others)
    with moves.gone() as gone, doubts.differing(store, others) as different:
        found = _list(task, gone, different)
        written = _write_work(task, found, gone, different)
        deleted = _write_deleted(task, gone)
    result = _result(task, now, found, written, deleted)
    try:
        store.replace_json(keys.scan(task.batch), result, None)
    except ObjectChanged:  # Step Functions called again meanwhile, and that scan went on
        return batches.scan_of(store, task.batch)
    return result


def _result(task: _Task, now: datetime, found: _Found, written: _Written, deleted: int) -> Scan:
    last, others = task.last, task.others
    return {
        "batch": task.batch,
        "sync_batch_id": task.request.sync_batch_id,
        "batch_type": task.request.batch_type,
        "full_sync": task.everything,
        "version": _version(now, [last, *others] if last else others),
        "scanned_at": now.isoformat(timespec="seconds"),
        "previous": last["batch"] if last else None,
        "known": found.known,
        "total_files": found.kinds.total(),
        "total_size_bytes": found.total_size_bytes,
        "documents": found.kinds["document"],
        "images": found.kinds["image"],
        "others": found.kinds["other"],
        "new": written.counts["new"],
        "changed": written.counts["changed"],
        "retried": written.counts["retried"],
        "moved": written.counts["moved"],
        "deleted": deleted,
        "unchanged": written.counts["unchanged"],
        "work_lines": written.lines,
        "work_file_size": written.size,
        "extract_count": written.extract_count,
        "index_count": written.index_count,
        "extract_key": keys.work_list(task.batch, "extract"),
        "index_key": keys.work_list(task.batch, "index"),
        "deleted_key": keys.deleted(task.batch),
        "deletions_detected": task.settings.detects_deletions,
        "begun": False,
    }


def _begun(store: Store, scan: Scan) -> Scan:
    """Write down that this batch goes on, before it does anything that others have to know of."""
    if not scan["begun"]:
        scan = {**scan, "begun": True}
        store.write_json(keys.scan(scan["batch"]), scan)
    return scan


def _version(now: datetime, before: Sequence[Scan | Previous]) -> int:
    """Of the batch's documents: greater than of all before, whatever the clock says."""
    return max([int(now.timestamp() * 1000), *(each["version"] + 1 for each in before)])


def _list(task: _Task, gone: Gone, different: Differing) -> _Found:
    """Write the listing down, count, and take note of what is gone."""
    store, found = task.store, _Found()
    with store.writing(keys.listing(task.batch)) as out:

        def written() -> Iterator[Entry]:
            for entry in listing.listed(store):
                out.write(entry)
                yield entry

        for comparison in compare(written(), _known(task), everything=False):
            found.count(comparison)
            if comparison.state is State.GONE and task.settings.detects_deletions:
                gone.add(comparison.entry)
    if task.settings.detects_deletions:
        found.left_over = left_over.note(
            store, task.batch, task.last, task.others, different=different(), gone=gone
        )
    return found


def _known(task: _Task) -> Iterator[Entry]:
    """The files of the last batch."""
    return listing.reconciled(task.store, task.last["batch"] if task.last else None)


def _write_work(task: _Task, found: _Found, gone: Gone, different: Differing) -> _Written:
    most = found.kinds.total() if task.everything or task.begun else found.work
    size = work_files.lines_per_file(most, task.settings.work_file_size)
    current = listing.read(task.store, keys.listing(task.batch))
    changes = compare(current, _known(task), everything=task.everything)
    with work_files.writing(task.store, task.batch, size) as files:
        resolved = doubts.resolve(task.store, changes, task.begun, different())
        # Batches that never ended may have taken out of the index what is to be copied there.
        copies = not task.everything and not task.others
        counts = _distribute(resolved, gone, files, copies=copies)
    extract_count, index_count = work_files.write_lists(task.store, task.batch, files.items)
    return _Written(counts, files.lines, size, extract_count, index_count)


def _distribute(
    changes: Iterator[Comparison], gone: Gone, files: WorkFiles, *, copies: bool
) -> Counter[str]:
    """Fill work files; how many files there are of each change, and unchanged ones."""
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


def _write_deleted(task: _Task, gone: Gone) -> int:
    """Write down what is gone; how many of these files have not moved."""
    deleted = 0
    with task.store.writing(keys.deleted(task.batch)) as out:
        for row in gone.rows():
            out.write(row)
            deleted += "moved_to" not in row
    return deleted
