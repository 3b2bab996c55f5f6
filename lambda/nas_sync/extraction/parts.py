"""The results of a work file: parts, each of some lines that follow one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from nas_sync import keys
from nas_sync.errors import MissingObject
from nas_sync.records import Outcome, Result
from nas_sync.store import Store

_TOLD = 200  # characters of an error


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


def write_hindrance(store: Store, batch: str, name: str, reason: str, detail: str) -> None:
    """Note why no line of a work file can be read; what has results keeps them.

    Args:
        store: the raw bucket.
        batch: the batch.
        name: of the work file.
        reason: a code.
        detail: one English sentence for operators.
    """
    key = keys.hindrance(batch, name)
    store.write_lines(
        key, [{"key": key, "status": "failed", "reason": reason, "detail": detail[:_TOLD]}]
    )


def clear_hindrance(store: Store, batch: str, name: str) -> None:
    """Note that lines can be read now, where an earlier call noted why they can't."""
    key = keys.hindrance(batch, name)
    if any(store.keys(key)):
        store.write_lines(key, [])


def hindrance(store: Store, batch: str, name: str) -> Outcome:
    """Why lines of a work file have no result; its key is of no file."""
    key = keys.hindrance(batch, name)
    unknown: Outcome = {"key": key, "status": "failed", "reason": "not_processed"}
    try:
        return next(cast("Iterator[Outcome]", store.lines(key)), unknown)
    except MissingObject:
        return unknown


def _problem(result: Result) -> Outcome:
    return {
        "key": result["key"],
        "status": result["status"],
        "reason": result.get("reason", ""),
        "detail": result.get("detail", ""),
    }
