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
    full_sync: bool
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


def require_current(store: Store, scan: Scan) -> None:
    """Refuse a batch that can't be continued, because a later one was reconciled meanwhile.

    Raises:
        BatchNotFound: the message names those that can be.
    """
    last = previous(store)
    if last and last["batch"] not in {scan["batch"], scan["previous"]}:
        raise BatchNotFound(
            f"the batch {scan['batch']} can't be continued: {last['batch']} was reconciled since "
            f"its scan. {_remedy(store)}"
        )


def not_found(store: Store, batch: str) -> BatchNotFound:
    """The error for a batch that is to be continued and was never scanned."""
    return BatchNotFound(f"the batch {batch} can't be continued: it has no scan. {_remedy(store)}")


def _remedy(store: Store) -> str:
    found = ", ".join(sorted(unfinished(store, previous(store))))
    instead = f"continue one of {found}, or start" if found else "start"
    return f"Please {instead} a new run without resume: it does whatever is left"


def unfinished(store: Store, last: Previous | None) -> Iterator[str]:
    """The batches that were scanned since the last one was reconciled, and were not."""
    expected = last["batch"] if last else None
    for batch in _scanned(store):
        scan = find_scan(store, batch)
        if scan and scan["previous"] == expected:
            yield batch


def _scanned(store: Store) -> Iterator[str]:
    pages = store.s3.get_paginator("list_objects_v2").paginate(
        Bucket=store.bucket, Prefix="manifests/", Delimiter="/"
    )
    with telling(f"list {store.address('manifests/')}"):
        for page in pages:
            for folder in page.get("CommonPrefixes", ()):
                yield folder["Prefix"].split("/")[1]
