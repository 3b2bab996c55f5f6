"""What OpenSearch holds, streamed by path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from heapq import merge as merge_sorted
from typing import Any, NotRequired, TypedDict

from opensearchpy import OpenSearch
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from nas_sync import keys
from nas_sync.errors import SearchError, SearchUnavailable
from nas_sync.search.client import telling
from nas_sync.settings import SearchSettings

_PAGE = 2000  # documents; OpenSearch gives 10,000 at most
# How long a point in time outlives a request: longer than Lambda lets a function run. All images
# may sort after all documents, so minutes pass between two requests to one of the indices.
_KEEP = "20m"
# Path and id are what is sorted by; these are read as doc values, too. So nothing is read of what a
# document is stored as, text, vector and all: that takes ten times as long for images.
_FIELDS = ("content_status", "reason", "file_size", "sync_batch_id")

_again = retry(
    retry=retry_if_exception_type(SearchUnavailable),
    stop=stop_after_attempt(4),
    wait=wait_random_exponential(multiplier=0.5, max=10),
    reraise=True,
)


class Document(TypedDict):
    """A document, without its content."""

    key: str  # with the prefix that S3 has
    alias: str
    id: str  # as it names itself: what is written here is written under that id
    status: NotRequired[str]
    reason: NotRequired[str]
    size: NotRequired[int]
    batch: NotRequired[str]  # that wrote it


def documents(client: OpenSearch, where: SearchSettings) -> Iterator[Document]:
    """All documents of both indices, sorted by key.

    Args:
        client: of OpenSearch.
        where: names of the indices.

    Raises:
        SearchUnavailable: OpenSearch doesn't answer.
        SearchError: it refuses.
    """
    aliases = (where.files_alias, where.images_alias)
    return merge_sorted(*(_of_index(client, alias) for alias in aliases), key=lambda d: d["key"])


def _of_index(client: OpenSearch, alias: str) -> Iterator[Document]:
    with telling(f"look whether there is an index {alias}"):
        if not client.indices.exists(index=alias):
            return  # nothing was ever indexed there
        client.indices.refresh(index=alias)
    with _point_in_time(client, alias) as point:
        after: Sequence[Any] | None = None
        while hits := _page(client, alias, point, after):
            for hit in hits:
                yield _document(alias, hit)
            after = hits[-1]["sort"]


@contextmanager
def _point_in_time(client: OpenSearch, alias: str) -> Iterator[str]:
    """What an index holds now, whatever is written meanwhile.

    https://docs.opensearch.org/2.19/search-plugins/searching-data/point-in-time/
    """
    with telling(f"open a point in time of the index {alias}"):
        point = client.create_pit(index=alias, params={"keep_alive": _KEEP})["pit_id"]
    try:
        yield point
    finally:
        with suppress(SearchUnavailable, SearchError), telling("close a point in time"):
            client.delete_pit(body={"pit_id": [point]})


@_again
def _page(
    client: OpenSearch, alias: str, point: str, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    body: dict[str, Any] = {
        "size": _PAGE,
        "pit": {"id": point, "keep_alive": _KEEP},
        "sort": [{"file_path": "asc"}, {"file_id": "asc"}],
        "stored_fields": "_none_",
        "docvalue_fields": _FIELDS,
        "track_total_hits": False,
    }
    if after is not None:
        body["search_after"] = after
    with telling(f"read the index {alias}"):
        hits: list[dict[str, Any]] = client.search(body=body)["hits"]["hits"]
    return hits


def _document(alias: str, hit: dict[str, Any]) -> Document:
    path, id_ = hit["sort"]
    fields = {name: values[0] for name, values in hit.get("fields", {}).items()}
    document: Document = {"key": keys.DATA + (path or ""), "alias": alias, "id": id_ or ""}
    if "content_status" in fields:
        document["status"] = fields["content_status"]
    if "reason" in fields:
        document["reason"] = fields["reason"]
    if "file_size" in fields:
        document["size"] = fields["file_size"]
    if "sync_batch_id" in fields:
        document["batch"] = fields["sync_batch_id"]
    return document
