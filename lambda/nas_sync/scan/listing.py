"""The files in the raw bucket, as the manifests list them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, cast

from nas_sync import keys
from nas_sync.records import Entry
from nas_sync.sorted_rows import in_order
from nas_sync.store import Store

if TYPE_CHECKING:
    from mypy_boto3_s3.type_defs import ObjectTypeDef


def files(objects: Iterable[ObjectTypeDef]) -> Iterator[Entry]:
    """The files among the objects of a listing.

    Args:
        objects: as ListObjectsV2 gives them.
    """
    for found in objects:
        key, size = found["Key"], found["Size"]
        if size or not key.endswith("/"):  # else a folder
            yield {"key": key, "size": size, "etag": found["ETag"].strip('"')}


def listed(store: Store) -> Iterator[Entry]:
    """What DataSync left in the bucket, sorted by key.

    Raises:
        JobError: S3 refuses the listing.
    """
    found = files(store.objects(keys.DATA))
    return in_order(found, f"the listing of {store.address(keys.DATA)}")


def read(store: Store, key: str) -> Iterator[Entry]:
    """A manifest, sorted by key.

    Raises:
        JobError: it isn't there or damaged.
    """
    rows = cast("Iterator[Entry]", store.lines(key))  # written by this system
    return in_order(rows, store.address(key))


def reconciled(store: Store, batch: str | None) -> Iterator[Entry]:
    """The files of a batch that was reconciled, with what became of them; none of no batch.

    Raises:
        JobError: its manifest isn't there or damaged.
    """
    return read(store, keys.reconciled(batch)) if batch else iter(())
