"""A reconciliation: S3, OpenSearch and DynamoDB agree on every file, or the batch isn't done."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from opensearchpy import OpenSearch

from nas_sync import keys
from nas_sync.errors import ObjectChanged, ReconciliationFailed
from nas_sync.messages import shortened
from nas_sync.reconcile import compare, documents, items, problem_list
from nas_sync.reconcile.compare import Difference
from nas_sync.reconcile.expected import Expected, expected, sources
from nas_sync.reconcile.problem_list import ProblemList
from nas_sync.records import Outcome, kind_of
from nas_sync.scan.batches import Previous, Scan
from nas_sync.settings import SearchSettings
from nas_sync.store import Found, Lines, Store

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_AT_ONCE = 16  # requests
_SHOWN = 3  # differences in a message
_LONGEST = 120  # characters of a path there, and of what is wrong with it


@dataclass(frozen=True)
class Places:
    """What is compared."""

    store: Store  # the raw bucket
    search: OpenSearch
    indices: SearchSettings
    dynamodb: DynamoDBClient
    table: str


@dataclass
class _Tally:
    """What is counted on the way."""

    states: Counter[str] = field(default_factory=Counter)  # of the files in S3
    reasons: Counter[str] = field(default_factory=Counter)
    processed: Counter[str] = field(default_factory=Counter)  # of this batch, by kind and status
    gone: Counter[str] = field(default_factory=Counter)  # by what became of them
    where: Counter[str] = field(default_factory=Counter)  # places of differences
    shown: list[Difference] = field(default_factory=list)


def reconcile(places: Places, scan: Scan, now: datetime) -> dict[str, Any]:
    """Compare, report, and make this batch the last one that was reconciled.

    Args:
        places: what is compared.
        scan: of the batch.
        now: the time.

    Returns:
        The report.

    Raises:
        ReconciliationFailed: they disagree, or another batch was reconciled since the scan.
        SearchUnavailable, AwsUnavailable: one of them doesn't answer.
    """
    store = places.store
    seen = store.find_json(keys.PREVIOUS)
    if seen and seen.value["batch"] == scan["batch"]:  # it died after its last step
        report: dict[str, Any] = store.read_json(keys.report(scan["batch"], keys.REPORT))
        return report
    _require_turn(scan, seen)
    tally = _compare(places, scan)
    if tally.where:
        raise ReconciliationFailed(_disagreement(store, scan, tally))
    report = _report(scan, tally, now)
    store.write_json(keys.report(scan["batch"], keys.REPORT), report)
    _become_previous(store, scan, seen, report["reconciled_at"])
    return report


def _compare(places: Places, scan: Scan) -> _Tally:
    store, batch, tally = places.store, scan["batch"], _Tally()
    with (
        ThreadPoolExecutor(_AT_ONCE) as pool,
        store.writing(keys.report(batch, keys.DIFFERENCES)) as differences,
        store.writing(keys.reconciled(batch)) as manifest,
        problem_list.writing(store, batch) as problems,
    ):
        report = partial(_note, differences, tally)
        id_ = scan["sync_batch_id"]
        rows = compare.with_work(expected(scan, sources(store, scan, pool)), report)
        found = documents.documents(places.search, places.indices)
        rows = compare.with_documents(rows, found, places.indices, id_, report)
        read = partial(items.items, places.dynamodb, places.table)
        for row in compare.with_items(rows, read, pool, id_, report):
            _write(row, tally, manifest, problems)
    return tally


def _note(lines: Lines, tally: _Tally, difference: Difference) -> None:
    lines.write(difference)
    tally.where[difference["where"]] += 1
    if len(tally.shown) < _SHOWN:
        tally.shown.append(difference)


def _write(row: Expected, tally: _Tally, manifest: Lines, problems: ProblemList) -> None:
    entry = row.entry
    if entry is None:
        tally.gone[row.gone["status"] if row.gone else "left"] += 1
        return
    manifest.write(entry)
    status = entry["status"]
    tally.states[status] += 1
    if status != "indexed":
        tally.reasons[entry.get("reason", "unknown")] += 1
        told: Outcome = {"key": row.key, "status": status, "reason": entry.get("reason", "")}
        problems.add(row.outcome or told)
    if row.outcome:
        tally.processed[f"{kind_of(row.key)} {status}"] += 1


def _disagreement(store: Store, scan: Scan, tally: _Tally) -> str:
    counts = ", ".join(f"{where} {count}" for where, count in tally.where.most_common())
    some = "; ".join(
        f"{shortened(row['key'], _LONGEST)} ({row['where']}): {shortened(row['what'], _LONGEST)}"
        for row in tally.shown
    )
    return (
        f"{tally.where.total()} differences ({counts}), such as {some}. All are listed in "
        f"{store.address(keys.report(scan['batch'], keys.DIFFERENCES))}. Continue the batch with "
        f'{{"batch_type": "manual", "resume": "{scan["batch"]}"}}, which indexes and archives what '
        "is missing; if other files differ, start a new run without resume: it does them again"
    )


def _report(scan: Scan, tally: _Tally, now: datetime) -> dict[str, Any]:
    done = tally.processed
    scanned = tally.states.total()
    return {
        **{name: scan[name] for name in _OF_SCAN},  # type: ignore[literal-required]
        "report_key": keys.report(scan["batch"], keys.REPORT),
        "problems_key": keys.report(scan["batch"], keys.PROBLEMS),
        "reconciled_at": now.isoformat(timespec="seconds"),
        "scanned": scanned,
        "indexed": tally.states["indexed"],
        "skipped": tally.states["skipped"],
        "failed": tally.states["failed"],
        "reasons": dict(tally.reasons.most_common()),
        "opensearch": scanned,
        "dynamodb": scanned,
        "deleted": tally.gone["archived"] + tally.gone["failed"],
        "archived": tally.gone["archived"],
        "not_archived": tally.gone["failed"],  # nothing was left of them
        "processed": done.total(),
        "texts_extracted": done["document indexed"],
        "images_processed": done["image indexed"],
    }


_OF_SCAN = (
    *("batch", "sync_batch_id", "batch_type", "full_sync", "scanned_at", "previous"),
    *("total_files", "total_size_bytes", "documents", "images", "others", "new", "changed"),
    *("retried", "moved", "unchanged", "deletions_detected"),
)


def _require_turn(scan: Scan, seen: Found | None) -> None:
    last = seen.value["batch"] if seen else None
    if last != scan["previous"]:
        raise ReconciliationFailed(
            f"the batch {scan['batch']} was compared with {scan['previous']}, and {last} was "
            "reconciled since: nothing of it counts as done. Start a new run without resume: it "
            "does whatever is left"
        )


def _become_previous(store: Store, scan: Scan, seen: Found | None, at: str) -> None:
    last: Previous = {
        "batch": scan["batch"],
        "sync_batch_id": scan["sync_batch_id"],
        "version": scan["version"],
        "reconciled_at": at,
    }
    try:
        store.replace_json(keys.PREVIOUS, last, seen)
    except ObjectChanged as error:
        raise ReconciliationFailed(
            f"another batch was reconciled while {scan['batch']} was: {error}. Start a new run "
            "without resume: it does whatever is left"
        ) from error
