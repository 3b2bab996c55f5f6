"""nas-sync: writing documents to a real OpenSearch in bulk."""

from __future__ import annotations

import os
import random
import uuid
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from opensearchpy import OpenSearch, helpers

from nas_sync.indexing.documents import Stamp, document
from nas_sync.records import Result
from nas_sync.search import bulk, indices
from nas_sync.search.bulk import Target
from nas_sync.search.client import connect
from scripts.background import NotStartedError
from scripts.local_aws import opensearch
from tests.bench.frame import Figure, seconds, skipped, times_faster

_DOCUMENTS = 2_000
_FEW = 200  # one by one
_ROUNDS = 2  # the best counts: the first ones warm Java up
_AT_ONCE = 4  # as the state machine runs BulkIndexer
_CHUNK = 250
_TITLE = f"{_DOCUMENTS:,} documents into OpenSearch, {_AT_ONCE} requests at a time"
_WORDS = (
    *("見積書", "請求書", "契約", "東京都", "関西国際空港", "サーバー", "確認しました"),
    *("送付", "取引先", "仕様", "図面", "会議"),
)
_STAMP = Stamp("arn:aws:datasync:ap-northeast-1:123456789012:task/t/execution/exec-0", "2025-12-01")


def indexing(home: Path) -> Iterator[Figure]:
    """Write documents in bulk, one by one, and as parallel_bulk does (a minute)."""
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "bench")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "bench")
    try:
        node = opensearch.start(home)
    except NotStartedError as error:
        yield skipped(_TITLE, str(error))
        return
    try:
        yield from _compared(connect(node.endpoint, "ap-northeast-1"))
    finally:
        opensearch.stop(home)


BENCHMARKS = (indexing,)


def _compared(client: OpenSearch) -> Iterator[Figure]:
    results = [_result(number, random.Random(number)) for number in range(_DOCUMENTS)]
    single = seconds(partial(_one_by_one, client, results[:_FEW])) * _DOCUMENTS / _FEW
    ours, theirs = [], []
    for _ in range(_ROUNDS):
        ours.append(seconds(partial(_ours, client, results)))
        theirs.append(seconds(partial(_parallel_bulk, client, results)))
    yield times_faster(_TITLE, min(ours), "one by one", single, at_least=3)
    yield times_faster(
        _TITLE, min(ours), "opensearchpy.helpers.parallel_bulk", min(theirs), at_least=0.9
    )


def _result(number: int, dice: random.Random) -> Result:
    words = dice.choices(_WORDS, k=dice.randrange(20, 200))
    return {
        "key": f"monthly-sync/部署{number % 20}/{dice.choice(_WORDS)}_{number}.pdf",
        "size": number,
        "etag": "e",
        "status": "indexed",
        "text": "、".join(words),
    }


def _ours(client: OpenSearch, results: list[Result]) -> None:
    target = Target(client, _new_index(client), 1)
    made = (document(result, _STAMP) for result in results)
    actions = (bulk.write(each["file_id"], each) for each in made)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        deque(pool.map(partial(bulk.send, target), bulk.chunks(actions, _CHUNK)), maxlen=0)
    _check(client, target.alias, len(results))


def _parallel_bulk(client: OpenSearch, results: list[Result]) -> None:
    alias = _new_index(client)
    made = (document(result, _STAMP) for result in results)
    actions: Iterator[dict[str, Any]] = (
        {"_index": alias, "_id": each["file_id"], "_source": each} for each in made
    )
    sent = helpers.parallel_bulk(
        client, actions, thread_count=_AT_ONCE, chunk_size=_CHUNK, max_chunk_bytes=bulk.BYTES
    )
    deque(sent, maxlen=0)
    _check(client, alias, len(results))


def _one_by_one(client: OpenSearch, results: list[Result]) -> None:
    alias = _new_index(client)
    for result in results:
        made = document(result, _STAMP)
        client.index(index=alias, id=made["file_id"], body=made)
    _check(client, alias, len(results))


def _new_index(client: OpenSearch) -> str:
    alias = f"bench-{uuid.uuid4().hex}"
    indices.ensure(client, alias, indices.definition("files"))
    return alias


def _check(client: OpenSearch, alias: str, expected: int) -> None:
    client.indices.refresh(index=alias)
    found = client.count(index=alias)["count"]
    client.indices.delete(index=f"{alias}-v1")
    if found != expected:
        raise RuntimeError(f"{found} of {expected} documents are there")
