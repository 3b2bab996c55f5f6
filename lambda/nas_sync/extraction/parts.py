"""The results of a work file: parts, each of some lines that follow one another."""

from __future__ import annotations

from collections.abc import Sequence

from nas_sync import keys
from nas_sync.records import Outcome, Result
from nas_sync.store import Store


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
