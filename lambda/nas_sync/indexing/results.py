"""The results of a work file, one for each of its lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import cast

from batchworks.errors import JobError
from nas_sync import keys
from nas_sync.aws import telling
from nas_sync.errors import MissingObject
from nas_sync.extraction import metadata
from nas_sync.extraction.parts import hindrance
from nas_sync.records import Outcome, Result, Work
from nas_sync.store import Store


def of(
    store: Store, batch: str, name: str, rows: Iterable[Work], location: str
) -> Iterator[Result]:
    """What became of each line; where extraction gave nothing, what kept it from doing so.

    Args:
        store: the raw bucket.
        batch: the batch.
        name: of the work file.
        rows: its lines.
        location: what stands before a path on the NAS where S3 doesn't tell it.

    Raises:
        JobError: a result belongs to another file than the line it stands for.
    """
    given = _given(store, batch, name)
    why: Outcome | None = None
    for row in rows:
        result = next(given, None)
        if result is None:
            why = why or hindrance(store, batch, name)
            detail = why.get("detail", "")
            yield {**bare(store, row, why["reason"], location), "detail": detail}
        elif (result["key"], result["etag"]) != (row["key"], row["etag"]):
            raise JobError(
                f"the results of {name} don't belong to its lines: {result['key']} stands where "
                f"{row['key']} is expected. Delete {store.address(keys.results(batch, name))} and "
                "resume the batch"
            )
        else:
            yield result


def bare(store: Store, row: Work, reason: str, location: str) -> Result:
    """A file that failed: only what S3 knows about it."""
    told: dict[str, str] = {}
    try:
        with telling(f"look at {store.address(row['key'])}"):
            told = store.s3.head_object(Bucket=store.bucket, Key=row["key"])["Metadata"]
    except MissingObject:
        pass  # gone since the scan: the next one notices
    result: Result = {
        "key": row["key"],
        "size": row["size"],
        "etag": row["etag"],
        "status": "failed",
        "reason": reason,
        "nas_path": metadata.nas_path(told, row["key"], location),
    }
    if moment := metadata.modified(told):
        result["modified"] = moment
    return result


def _given(store: Store, batch: str, name: str) -> Iterator[Result]:
    """The results of the first lines, without a gap; two calls may have read the same lines."""
    position = 0
    for key in store.keys(keys.results(batch, name)):
        begin, end = keys.lines_of(key)
        if begin > position:
            return
        yield from cast("Iterator[Result]", islice(store.lines(key), position - begin, None))
        position = max(position, end)
