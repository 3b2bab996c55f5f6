"""The results of a work file: parts, each of some lines that follow one another."""

from __future__ import annotations

from collections.abc import Sequence

from nas_sync import keys
from nas_sync.records import Outcome, Result
from nas_sync.store import Store


def end(store: Store, batch: str, name: str) -> int:
    """How many of a work file's lines have results, from the first one on without a gap.

    Args:
        store: the raw bucket.
        batch: the batch.
        name: of the work file.
    """
    position = 0
    for key in store.keys(keys.results(batch, name)):
        first, _, last = key.rsplit("/", 1)[-1].removesuffix(".jsonl.gz").partition("-")
        if int(first) <= position:
            position = max(position, int(last))
    return position


def write(store: Store, batch: str, name: str, begin: int, results: Sequence[Result]) -> None:
    """Write a part; its problems first, since the results say that the lines are done.

    Args:
        store: the raw bucket.
        batch: the batch.
        name: of the work file.
        begin: the line that the first result is of, counted from 0.
        results: one a line.
    """
    after = begin + len(results)
    problems = [_problem(result) for result in results if result["status"] != "indexed"]
    if problems:
        store.write_lines(keys.problems(batch, name, begin, after), problems)
    store.write_lines(keys.result(batch, name, begin, after), results)


def _problem(result: Result) -> Outcome:
    return {
        "key": result["key"],
        "status": result["status"],
        "reason": result.get("reason", ""),
        "detail": result.get("detail", ""),
    }
