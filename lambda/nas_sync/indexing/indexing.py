"""Indexes the files of one work file, in OpenSearch and then in DynamoDB."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from opensearchpy import OpenSearch

from nas_sync import keys
from nas_sync.catalogue import table
from nas_sync.catalogue.table import Table
from nas_sync.indexing import documents, moved, results
from nas_sync.indexing.documents import Stamp
from nas_sync.records import Index, Outcome, Work, file_id, index_of
from nas_sync.scan import batches
from nas_sync.scan.batches import Scan
from nas_sync.search import bulk, indices
from nas_sync.search.bulk import Action, Answer, Target
from nas_sync.settings import SearchSettings
from nas_sync.store import Store

_TOLD = 200  # characters of what OpenSearch says about a document it refuses
_IMAGES_SHARE = 5  # times the work: a document with a vector, compared with one with text
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Places:
    """What is read, and where it goes."""

    store: Store  # the raw bucket
    search: OpenSearch
    table: Table
    indices: SearchSettings
    nas_location: str
    chunk: int  # documents in one request


@dataclass(frozen=True)
class _Step:
    """What is indexed."""

    batch: str
    name: str  # of the work file
    stamp: Stamp


@dataclass
class Tally:
    """What became of the files."""

    indexed: int = 0  # written to OpenSearch
    catalogued: int = 0  # written to DynamoDB
    refused: int = 0  # by OpenSearch, so that they are there by name only
    outcomes: dict[str, Outcome] = field(default_factory=dict)  # by file_id


@dataclass(frozen=True)
class _Sent:
    """What came of a request. All by file_id."""

    written: Mapping[str, Mapping[str, Any]]  # documents, as they were sent last
    answers: Mapping[str, Answer]  # the last ones
    refused: Mapping[str, Answer]  # the first answers about documents that were refused


def index(places: Places, batch: str, work_key: str, now: datetime) -> Tally:
    """Index the files of a work file; doing it again changes nothing.

    Args:
        places: what is read, and where it goes.
        batch: the batch.
        work_key: the work file's.
        now: UTC.

    Raises:
        BatchNotFound: it was never scanned.
        SearchUnavailable: OpenSearch doesn't answer, or can't take documents just now.
        SearchError: its indices aren't as they should be.
        AwsUnavailable, AccessDenied: of S3 or DynamoDB.
    """
    scan = batches.scan_of(places.store, keys.batch_of(batch))
    rows = cast("list[Work]", list(places.store.lines(work_key)))
    stamp = Stamp(scan["sync_batch_id"], now.strftime("%Y-%m-%dT%H:%M:%SZ"))
    step = _Step(scan["batch"], keys.name_of(work_key), stamp)
    tally = Tally()
    for which in indices.NAMES:
        some = [row for row in rows if index_of(row["kind"]) == which]
        if some:
            target = _target(places, which, scan)
            found = _documents(places, target, step, some)
            _index(places, target, _count(places, which), found, tally)
    outcomes = (tally.outcomes[file_id(row["key"])] for row in rows)
    places.store.write_lines(keys.indexed(step.batch, step.name), outcomes)
    return tally


def _target(places: Places, which: Index, scan: Scan) -> Target:
    alias = places.indices.alias(which)
    indices.ensure(places.search, alias, indices.definition(which))
    return Target(places.search, alias, scan["version"])


def _count(places: Places, which: Index) -> int:
    return places.chunk if which == "files" else max(1, places.chunk // _IMAGES_SHARE)


def _documents(
    places: Places, target: Target, step: _Step, rows: Sequence[Work]
) -> Iterator[tuple[dict[str, Any], str]]:
    """The documents of files, each with what people are to know about it."""
    store, location = places.store, places.nas_location
    if rows[0]["change"] == "moved":
        for document in moved.of(store, target, rows, step.stamp, location):
            yield document, ""
        return
    for result in results.of(store, step.batch, step.name, rows, location):
        yield documents.document(result, step.stamp), result.get("detail", "")


def _index(
    places: Places,
    target: Target,
    count: int,
    found: Iterable[tuple[dict[str, Any], str]],
    tally: Tally,
) -> None:
    details: dict[str, str] = {}

    def actions() -> Iterator[Action]:
        for document, detail in found:
            details[document["file_id"]] = detail
            yield bulk.write(document["file_id"], document)

    for chunk in bulk.chunks(actions(), count):
        sent = _send(target, chunk)
        details |= {id_: _told(sent.written[id_], answer) for id_, answer in sent.refused.items()}
        for id_, document in sent.written.items():
            tally.outcomes[id_] = _outcome(document, details.pop(id_))
        # What a newer batch wrote stays, here as there.
        newest = [sent.written[id_] for id_, each in sent.answers.items() if not each.superseded]
        tally.catalogued += table.put(places.table, newest)
        tally.indexed += sum(not answer.refused for answer in sent.answers.values())
        tally.refused += len(sent.refused)


def _send(target: Target, chunk: Sequence[Action]) -> _Sent:
    """Write documents; one that is refused is written again, by its name only."""
    written = {action.id: action.document or {} for action in chunk}
    answers = bulk.send(target, chunk)
    refused = {id_: answer for id_, answer in answers.items() if answer.refused}
    if refused:
        written |= {id_: documents.by_name_only(written[id_]) for id_ in refused}
        answers |= bulk.send(target, [bulk.write(id_, written[id_]) for id_ in refused])
    return _Sent(written, answers, refused)


def _told(document: Mapping[str, Any], answer: Answer) -> str:
    """Note a refusal; what people are told of it."""
    reason = answer.reason[:_TOLD]
    _logger.warning(
        "OpenSearch refused a document", extra={"file": document["file_path"], "detail": reason}
    )
    return reason


def _outcome(document: Mapping[str, Any], detail: str) -> Outcome:
    outcome: Outcome = {
        "key": f"{keys.DATA}{document['file_path']}",
        "status": document["content_status"],
    }
    if "reason" in document:
        outcome["reason"] = document["reason"]
    if detail:
        outcome["detail"] = detail
    return outcome
