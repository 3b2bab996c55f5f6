"""Whether OpenSearch and DynamoDB hold what they have to, file by file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from itertools import islice
from typing import Literal, TypedDict

from nas_sync.ahead import ahead
from nas_sync.reconcile.documents import Document
from nas_sync.reconcile.expected import Expected
from nas_sync.reconcile.items import AT_ONCE, Item
from nas_sync.records import Entry, file_id, index_of, kind_of
from nas_sync.settings import SearchSettings
from nas_sync.sorted_rows import Cursor

_REQUESTS = 8  # to DynamoDB at the same time


class Difference(TypedDict):
    """Something that isn't as it has to be."""

    key: str
    where: Literal["batch", "opensearch", "dynamodb"]
    what: str


Report = Callable[[Difference], object]
_State = tuple[str | None, str | None, int | None]  # status, reason, size in bytes


def with_work(rows: Iterable[Expected], report: Report) -> Iterator[Expected]:
    """Report what this batch left undone."""
    for row in rows:
        if row.missing:
            report({"key": row.key, "where": "batch", "what": row.missing})
        yield row


def with_documents(
    rows: Iterable[Expected],
    documents: Iterable[Document],
    where: SearchSettings,
    sync_batch_id: str,
    report: Report,
) -> Iterator[Expected]:
    """Compare with OpenSearch.

    Args:
        rows: sorted by key.
        documents: of both indices, sorted by key.
        where: names of the indices.
        sync_batch_id: of this batch.
        report: is told of differences.

    Returns:
        The rows.
    """

    def tell(key: str, what: str) -> None:
        report({"key": key, "where": "opensearch", "what": what})

    found = Cursor(
        _in_place(documents, where, tell),
        lambda extra: tell(extra["key"], f"it is in {extra['alias']}, and not in S3"),
    )
    for row in rows:
        if what := _of_document(row, found.find(row.key), sync_batch_id):
            tell(row.key, what)
        yield row
    found.finish()


def with_items(
    rows: Iterable[Expected],
    read: Callable[[list[str]], dict[str, Item]],
    pool: Executor,
    sync_batch_id: str,
    report: Report,
) -> Iterator[Expected]:
    """Compare with DynamoDB.

    Args:
        rows: any number of them.
        read: the items of at most 100 keys.
        pool: in which they are read.
        sync_batch_id: of this batch.
        report: is told of differences.

    Returns:
        The rows.
    """
    remaining = iter(rows)
    hundreds = iter(lambda: list(islice(remaining, AT_ONCE)), [])
    answers = ahead(pool, lambda some: read([row.key for row in some]), hundreds, _REQUESTS)
    for some, found in answers:
        for row in some:
            if what := _of_item(row, found.get(row.key), sync_batch_id):
                report({"key": row.key, "where": "dynamodb", "what": what})
            yield row


def _in_place(
    documents: Iterable[Document], where: SearchSettings, tell: Callable[[str, str], None]
) -> Iterator[Document]:
    """The documents that are in the index and under the id that they belong in."""
    for document in documents:
        key = document["key"]
        alias = where.alias(index_of(kind_of(key)))
        if document["alias"] != alias:
            tell(key, f"it is in {document['alias']}, and belongs in {alias}")
        elif document["id"] != file_id(key):
            tell(key, f"it has the id {document['id']}, and not {file_id(key)}")
        else:
            yield document


def _of_document(row: Expected, document: Document | None, sync_batch_id: str) -> str | None:
    if row.missing:
        return None  # told already
    if row.entry is None:
        return f"it is gone from S3, and still in {document['alias']}" if document else None
    if document is None:
        return "it isn't there"
    found = (document.get("status"), document.get("reason"), document.get("size"))
    return _of_fields(row, row.entry, found, document.get("batch"), sync_batch_id)


def _of_item(row: Expected, item: Item | None, sync_batch_id: str) -> str | None:
    if row.missing:
        return None  # told already
    if row.entry is None:
        return _of_deleted(row, item)
    if item is None:
        return "it isn't there"
    if "deleted_at" in item:
        return "it is marked as deleted, and is in S3"
    found = (item.get("content_status"), item.get("reason"), int(item.get("file_size", "-1")))
    return _of_fields(row, row.entry, found, item.get("sync_batch_id"), sync_batch_id)


def _of_deleted(row: Expected, item: Item | None) -> str | None:
    if item is not None and "deleted_at" not in item:
        return "it is gone from S3, and not marked as deleted"
    kept = row.gone["status"] == "archived" if row.gone else False
    if kept and (item is None or "archived_to" not in item):
        return "it is gone from S3, and its place in the archive isn't noted"
    return None


def _of_fields(
    row: Expected, entry: Entry, found: _State, batch: str | None, sync_batch_id: str
) -> str | None:
    wanted = (entry.get("status"), entry.get("reason"), entry["size"])
    if found != wanted:
        return f"it is {_told(found)}, and has to be {_told(wanted)}"
    if row.outcome and batch != sync_batch_id:
        return f"it was written by {batch}, and not by this batch"
    return None


def _told(state: _State) -> str:
    status, reason, size = state
    return f"{status}{f' ({reason})' if reason else ''} of {size} bytes"
