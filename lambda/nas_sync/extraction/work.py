"""Works through one work file: every file is read once, whatever it takes to come to its end."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from nas_sync import keys
from nas_sync.extraction import downloads, metadata, parts
from nas_sync.extraction.answers import Answer, Read
from nas_sync.extraction.downloads import Download
from nas_sync.extraction.settings import Limits
from nas_sync.records import Result, Work
from nas_sync.store import Store

OUT_OF_MEMORY = "worker out of memory"
"""What the log says when the process that reads files needed too much; an alarm looks for it."""

_RESERVE = 10  # seconds in which results are written
_logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bench:
    """What work is done with."""

    store: Store  # the raw bucket
    limits: Limits
    read: Read
    time_left: Callable[[], float]  # seconds until this call must have ended


def run(bench: Bench, batch: str, work_key: str) -> dict[str, Any]:
    """Read the files of a work file that have no results yet, as many as there is time for.

    Args:
        bench: what it is done with.
        batch: the batch.
        work_key: the work file's.

    Returns:
        `done` (whether all files of the work file have results now), and of this call `files`,
        `indexed`, `skipped` and `failed`: how many it read, and what became of them.

    Raises:
        AccessDenied, AwsUnavailable: of S3.
        WorkerError: no file can be read at all.
    """
    name = keys.name_of(work_key)
    rows = cast("list[Work]", list(bench.store.lines(work_key)))
    begin = keys.reach(bench.store.keys(keys.results(batch, name)))
    results = _read(bench, rows[begin:])
    if results:
        parts.write(bench.store, batch, name, begin, results)
    counts = Counter(result["status"] for result in results)
    return {
        "done": begin + len(results) >= len(rows),
        "files": len(results),
        **{status: counts[status] for status in ("indexed", "skipped", "failed")},
    }


def _read(bench: Bench, rows: list[Work]) -> list[Result]:
    """The results of the first of these files: of all, or of as many as there was time for."""
    results: list[Result] = []
    with (
        downloads.folder() as home,
        downloads.ahead(bench.store, rows, home, bench.limits.file_bytes) as files,
    ):
        for download in files:
            answer = _answer(bench, download, first=not results)
            if answer is None:
                break
            results.append(_result(bench, download, answer))
    return results


def _answer(bench: Bench, download: Download, *, first: bool) -> Answer | None:
    """What a file says; None if there is no time left to find out.

    The first file of a call gets what time there is, so that every call comes forward. A later one
    that had less than it may take is left to the next call when that wasn't enough.
    """
    left = bench.time_left() - _RESERVE
    if left <= 0 and not first:
        return None
    if download.path is None:
        return download.answer
    seconds = min(bench.limits.seconds, max(left, 1))
    name = download.work["key"].rsplit("/", 1)[-1]
    answer = bench.read(download.path, name, seconds)
    if answer.get("reason") == "timeout" and seconds < bench.limits.seconds and not first:
        return None
    _tell(download.work["key"], answer)
    return answer


def _tell(key: str, answer: Answer) -> None:
    reason = answer.get("reason")
    fields = {"key": key, "reason": reason, "detail": answer.get("detail")}
    if reason == "out_of_memory":
        _logger.error(OUT_OF_MEMORY, extra=fields)
    elif answer["status"] == "failed":
        _logger.warning("a file failed", extra=fields)


def _result(bench: Bench, download: Download, answer: Answer) -> Result:
    work = download.work
    result: Result = {
        "key": work["key"],
        "size": work["size"],
        "etag": work["etag"],
        **answer,  # type: ignore[typeddict-item]
        "nas_path": metadata.nas_path(download.metadata, work["key"], bench.limits.nas_location),
    }
    if moment := metadata.modified(download.metadata):
        result["modified"] = moment
    return result
