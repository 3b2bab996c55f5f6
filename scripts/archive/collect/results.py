"""What a collect leaves for people: lists for the next run, report CSVs, a summary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from scripts.archive import shares, spreadsheet
from scripts.archive.collect.outcomes import Outcome, Status
from scripts.archive.restore_list.selection import Item, Selection
from scripts.archive.run_files import RunFiles

NOT_READY = "not_ready"
FAILED = "failed_downloads"
AGAIN = "restore_again"
COLLECTED_REPORT = "collected"
OTHERS_REPORT = "not_collected"
COLLECTED_HEADER = ("ファイル名", "復元日時", "配置先ディレクトリ")
OTHERS_HEADER = ("ファイル名", "理由")

_LISTS = {Status.NOT_READY: NOT_READY, Status.NO_COPY: AGAIN, Status.FAILED: FAILED}
_DONE = (Status.COLLECTED, Status.ALREADY)


def note(selection: Selection, files: RunFiles, item: Item, outcome: Outcome) -> None:
    """Note what became of one object, in the lists too."""
    selection.note(item.number, outcome.status, outcome.detail)
    path = shares.unc(item.key)
    if which := _LISTS.get(outcome.status):
        files.path(which, path)
    if outcome.status is Status.FAILED:
        files.error(path, "collect", outcome.code or "Error", outcome.detail)


def write_reports(selection: Selection, files: RunFiles, destination: Path, now: datetime) -> None:
    """Write the two report CSVs, each only if it has rows."""
    collected = (
        (name, now, str(destination)) for _, status, name in selection.noted() if status in _DONE
    )
    _write(files, COLLECTED_REPORT, COLLECTED_HEADER, collected)
    _write(files, OTHERS_REPORT, OTHERS_HEADER, _others(selection))


def _others(selection: Selection) -> Iterator[spreadsheet.Row]:
    for problem in selection.problems():
        yield shares.name(shares.key_of(problem.written)), problem.message
    for item, status, detail in selection.noted():
        if status not in _DONE:
            yield item.name, detail


def _write(
    files: RunFiles, what: str, header: tuple[str, ...], rows: Iterator[spreadsheet.Row]
) -> None:
    first = next(rows, None)
    if first is not None:
        path = files.create(what, "csv")
        spreadsheet.write_csv(path, header, _chain(first, rows))


def _chain(first: spreadsheet.Row, rest: Iterator[spreadsheet.Row]) -> Iterator[spreadsheet.Row]:
    yield first
    yield from rest


def summary(selection: Selection) -> tuple[str, bool]:
    """One line that adds up for people, and whether everything is there."""
    counts = selection.counts()
    problems = selection.problem_count()
    objects, _ = selection.size()
    done = sum(counts.get(status, 0) for status in _DONE)
    waiting = counts.get(Status.NOT_READY, 0)
    without = counts.get(Status.NO_COPY, 0)
    failed = objects + problems - done - waiting - without
    text = (
        f"対象 {objects + problems:,} 件 = 配置済み {done:,} 件 + 復元処理中 {waiting:,} 件"
        f" + 復元コピーなし {without:,} 件 + 失敗 {failed:,} 件"
    )
    return text, done == objects + problems
