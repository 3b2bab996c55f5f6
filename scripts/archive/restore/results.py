"""What a restore leaves for people: results of every row, lists for the next step, a summary."""

from __future__ import annotations

from pathlib import Path

from scripts.archive import shares, spreadsheet
from scripts.archive.restore.outcomes import COLLECTABLE, Outcome, Status
from scripts.archive.restore_list.selection import Item, Selection
from scripts.archive.run_files import RunFiles

REQUESTS = "restore_requests"
ERRORS = "restore_errors"
RESULTS = "restore_results"
HEADER = ("行番号", "パス", "対象ファイル", "結果", "詳細")
NO_OBJECT = "対象なし"


def note(selection: Selection, files: RunFiles, item: Item, outcome: Outcome) -> None:
    """Note what became of one object, in the lists too."""
    selection.note(item.number, outcome.status, outcome.detail)
    path = shares.unc(item.key)
    if outcome.status in COLLECTABLE:
        files.path(REQUESTS, path)
    else:
        files.path(ERRORS, path)
        files.error(path, "restore", outcome.code or "Error", outcome.detail)


def write_results(selection: Selection, files: RunFiles) -> Path:
    """Write the result CSV: every row of the list with each object it selects."""
    path = files.create(RESULTS, "csv")
    spreadsheet.write_csv(path, HEADER, map(_result, selection.results()))
    return path


def _result(row: tuple[int, str, str | None, str, str]) -> spreadsheet.Row:
    line, written, key, status, detail = row
    if key is None:
        return line, written, "", NO_OBJECT, detail
    return line, written, shares.unc(key), status, detail


def summary(selection: Selection) -> tuple[list[str], int]:
    """Lines that add up for people, and how many failed."""
    counts = selection.counts()
    problems = selection.problem_count()
    objects, _ = selection.size()
    failed = problems + sum(n for status, n in counts.items() if status not in COLLECTABLE)
    done = objects + problems - failed
    parts = [f"{status.value} {counts[status]:,}" for status in Status if counts.get(status)]
    parts += [f"リストにない行 {problems:,}"] * bool(problems)
    total = f"対象 {objects + problems:,} 件 = 受付 {done:,} 件 + 失敗 {failed:,} 件"
    return [total, f"内訳: {'、'.join(parts)}"], failed
