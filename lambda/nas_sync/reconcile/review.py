"""Before anything is indexed: was every file read, and did not too many fail?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import cast

from nas_sync import keys
from nas_sync.ahead import ahead
from nas_sync.errors import TooManyFailures
from nas_sync.extraction.parts import hindrance
from nas_sync.reconcile import parts, problem_list
from nas_sync.records import Outcome
from nas_sync.scan.batches import Scan
from nas_sync.scan.work_files import Item
from nas_sync.store import Store

_AT_ONCE = 16  # objects that are read at the same time


@dataclass(frozen=True)
class _WorkFile:
    key: str
    lines: int
    results: list[str]  # keys of parts
    problems: list[str]


@dataclass
class Review:
    """What became of the files that were to be extracted."""

    files: int = 0
    skipped: int = 0
    failed: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def indexed(self) -> int:
        """How many have content to be indexed."""
        return self.files - self.skipped - self.failed

    @property
    def failed_percent(self) -> float:
        """Of the files that were to be extracted."""
        return round(100 * self.failed / self.files, 2) if self.files else 0.0


def review(store: Store, scan: Scan, percent: int) -> Review:
    """Count what extraction left behind, and list the files without content for operators.

    Args:
        store: the raw bucket.
        scan: of the batch.
        percent: failures that are tolerated, of the files to extract and rounded up, besides those
            that an earlier batch had and that are tried again.

    Raises:
        TooManyFailures: there are more; nothing has been indexed yet.
    """
    batch = scan["batch"]
    result = Review()
    with (
        ThreadPoolExecutor(_AT_ONCE) as pool,
        problem_list.writing(store, batch) as problems,
    ):
        read = ahead(
            pool, lambda file: _problems(store, batch, file), _work_files(store, scan), _AT_ONCE
        )
        for file, outcomes in read:
            result.files += file.lines
            for outcome in outcomes:
                result.skipped += outcome["status"] == "skipped"
                result.failed += outcome["status"] == "failed"
                result.reasons[outcome.get("reason", "unknown")] += 1
                problems.add(outcome)
    again = scan["retried"]  # files that failed before may do so again: people know of them
    tolerated = math.ceil(result.files * percent / 100)  # of a few files one may fail, too
    if result.failed - again > tolerated:
        raise TooManyFailures(_too_many(store, batch, result, percent))
    return result


def _too_many(store: Store, batch: str, result: Review, percent: int) -> str:
    counts = ", ".join(f"{reason} {count}" for reason, count in result.reasons.most_common())
    return (
        f"{result.failed} of {result.files} files ({result.failed_percent} %) could not be read, "
        f"more than {percent} %: nothing was indexed. By reason: {counts}. The list is "
        f"{store.address(keys.report(batch, keys.PROBLEMS))}. If files were not processed, "
        f'continue with {{"batch_type": "manual", "resume": "{batch}"}}; if they are damaged, '
        "repair them on the NAS and start a new run, or raise FAILURE_PERCENT and continue"
    )


def _work_files(store: Store, scan: Scan) -> Iterator[_WorkFile]:
    """The work files of extraction with their parts, read from two listings and no object."""
    batch = scan["batch"]
    results = parts.by_work_file(store.keys(keys.all_results(batch)))
    problems = parts.by_work_file(store.keys(keys.all_problems(batch)))
    done: dict[str, list[str]] = {}
    bad: dict[str, list[str]] = {}
    for item, lines in sorted(_sizes(store, scan), key=lambda row: row[0]["work"]):
        name = keys.name_of(item["work"])
        _take(results, done, name)
        _take(problems, bad, name)
        yield _WorkFile(item["work"], lines, done.pop(name, []), bad.pop(name, []))


def _take(groups: Iterator[tuple[str, list[str]]], held: dict[str, list[str]], name: str) -> None:
    """Read on in a listing until a work file has come, or must have."""
    while not held or max(held) < name:
        if (found := next(groups, None)) is None:
            return
        held.clear()
        held[found[0]] = found[1]


def _sizes(store: Store, scan: Scan) -> Iterator[tuple[Item, int]]:
    """Each work file of extraction, of which there are at most 9,900, and how many lines it has."""
    left = dict(scan["work_lines"])
    items: Iterable[Item] = store.read_json(scan["extract_key"])
    for item in items:
        lines = min(left[item["kind"]], scan["work_file_size"])
        left[item["kind"]] -= lines
        yield item, lines


def _problems(store: Store, batch: str, file: _WorkFile) -> list[Outcome]:
    """The lines of a work file that have no content to be indexed."""
    known = set(map(keys.lines_of, file.results))
    found: dict[str, Outcome] = {}  # two calls may have worked on the same lines
    for part in file.problems:
        if keys.lines_of(part) in known:  # otherwise its results were never written
            rows = cast("Iterator[Outcome]", store.lines(part))
            found |= {row["key"]: row for row in rows}
    reached = keys.reach(file.results)
    if reached < file.lines:
        why = hindrance(store, batch, keys.name_of(file.key))
        for row in islice(store.lines(file.key), reached, None):
            found[row["key"]] = {**why, "key": row["key"]}
    return list(found.values())
