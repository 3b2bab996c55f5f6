"""Batches that were scanned, and the one that was reconciled last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypedDict

from nas_sync import keys
from nas_sync.aws import telling
from nas_sync.errors import BatchNotFound
from nas_sync.store import Found, Store


class Previous(TypedDict):
    """The batch that was reconciled last."""

    batch: str
    sync_batch_id: str
    version: int  # of its documents in OpenSearch: epoch milliseconds of its scan
    reconciled_at: str  # ISO 8601, UTC


class Scan(TypedDict):
    """What a scan found."""

    batch: str
    sync_batch_id: str
    batch_type: str
    full_sync: bool  # all files are processed: asked for, or left over from such a batch
    version: int  # epoch milliseconds
    scanned_at: str  # ISO 8601, UTC
    previous: str | None  # the batch with which it was compared
    known: int  # files of that batch
    total_files: int
    total_size_bytes: int
    documents: int
    images: int
    others: int
    new: int
    changed: int
    retried: int
    moved: int
    deleted: int
    unchanged: int
    work_lines: dict[str, int]  # lines of all work files of a kind
    work_file_size: int  # lines of a work file, unless it is the last one of its kind
    extract_count: int  # work files
    index_count: int
    extract_key: str
    index_key: str
    deleted_key: str
    deletions_detected: bool
    begun: bool  # the brake has let it pass, so it may have indexed and archived


def previous(store: Store) -> Previous | None:
    """The batch that was reconciled last; None before the first one."""
    found = store.find_json(keys.PREVIOUS)
    value: Previous | None = found.value if found else None
    return value


def find_scan(store: Store, batch: str) -> Scan | None:
    """What the scan of a batch found; None if it didn't end."""
    found: Found | None = store.find_json(keys.scan(batch))
    value: Scan | None = found.value if found else None
    return value


def scan_of(store: Store, batch: str) -> Scan:
    """What the scan of a batch found.

    Raises:
        BatchNotFound: it was never scanned.
    """
    if (found := find_scan(store, batch)) is None:
        raise _refusal(store, batch, "it has no scan")
    return found


def require_newest(store: Store, scan: Scan) -> None:
    """Refuse to continue a batch where a later one has been at work on the same files.

    Raises:
        BatchNotFound: the message names the one that can be continued.
    """
    last = previous(store)
    if last and last["batch"] not in {scan["batch"], scan["previous"]}:
        raise _refusal(store, scan["batch"], f"{last['batch']} was reconciled since its scan")
    for newest in unfinished(store, last)[-1:]:
        if newest["version"] > scan["version"]:
            what = f"{newest['batch']} was scanned since, and may have indexed newer files"
            raise _refusal(store, scan["batch"], what)


def _refusal(store: Store, batch: str, why: str) -> BatchNotFound:
    newest = "".join(
        f"continue {it['batch']}, or " for it in unfinished(store, previous(store))[-1:]
    )
    return BatchNotFound(
        f"the batch {batch} can't be continued: {why}. Please {newest}start a new run without "
        "resume: it does whatever is left"
    )


def unfinished(store: Store, last: Previous | None) -> list[Scan]:
    """The batches that were scanned since the last one was reconciled, and were not; newest last.

    They are the runs that failed since: few.
    """
    expected = last["batch"] if last else None
    scans = (find_scan(store, batch) for batch in _scanned(store))
    found = [scan for scan in scans if scan and scan["previous"] == expected]
    return sorted(found, key=lambda scan: scan["version"])


def _scanned(store: Store) -> Iterator[str]:
    pages = store.s3.get_paginator("list_objects_v2").paginate(
        Bucket=store.bucket, Prefix="manifests/", Delimiter="/"
    )
    with telling(f"list {store.address('manifests/')}"):
        for page in pages:
            for folder in page.get("CommonPrefixes", ()):
                yield folder["Prefix"].split("/")[1]
