"""Files that only moved: their content is taken over from where they were indexed before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from nas_sync.indexing import documents, results
from nas_sync.indexing.documents import Stamp
from nas_sync.records import Result, Work, file_id
from nas_sync.search.bulk import Target
from nas_sync.search.client import telling
from nas_sync.store import Store

_DOCUMENTS_AT_ONCE = 50  # one has 200 KB at most
_OBJECTS_AT_ONCE = 8
_CONTENT = (
    "content_status",
    "reason",
    "extracted_text",
    "truncated",
    "image_width",
    "image_height",
    "image_vector",
)


def of(
    store: Store, target: Target, rows: Sequence[Work], stamp: Stamp, location: str
) -> Iterator[dict[str, Any]]:
    """The documents of files under their new names.

    Where a file isn't indexed under its old name, it failed: the next batch reads it.

    Args:
        store: the raw bucket.
        target: the index of these files.
        rows: the files.
        stamp: of the documents.
        location: what stands before a path on the NAS where S3 doesn't tell it.
    """
    look = partial(_look, store, location)
    with ThreadPoolExecutor(_OBJECTS_AT_ONCE) as pool:
        for begin in range(0, len(rows), _DOCUMENTS_AT_ONCE):
            some = rows[begin : begin + _DOCUMENTS_AT_ONCE]
            contents = _contents(target, some)
            for row, result in zip(some, pool.map(look, some), strict=True):
                document = documents.document(result, stamp)
                if (content := contents.get(row["key"])) is not None:
                    del document["content_status"], document["reason"]
                    document.update(content)
                yield document


def _look(store: Store, location: str, row: Work) -> Result:
    return results.bare(store, row, "source_not_indexed", location)


def _contents(target: Target, rows: Sequence[Work]) -> Mapping[str, dict[str, Any]]:
    """What the index holds of each file's content, by its new key.

    A step that is done again finds it under the new name: the old one may be gone by then.
    """
    now = [file_id(row["key"]) for row in rows]
    before = [file_id(row["moved_from"]) for row in rows]
    with telling(f"read {len(rows)} documents of {target.alias}"):
        answer = target.client.mget(
            body={"ids": [*now, *before]},
            index=target.alias,
            params={"_source_includes": ",".join(_CONTENT)},
        )
    found = {each["_id"]: each for each in answer["docs"] if each.get("found")}
    contents = {}
    for row, new, old in zip(rows, now, before, strict=True):
        written = found.get(new)
        source = written if written and written["_version"] >= target.version else found.get(old)
        if source:
            contents[row["key"]] = source["_source"]
    return contents
