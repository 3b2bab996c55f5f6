"""The list of files whose content isn't searchable, as operators get it: CSV for Excel."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

from nas_sync import keys, reasons
from nas_sync.records import Outcome
from nas_sync.store import Lines, Store

_BOM = "\ufeff"  # so that Excel takes it for UTF-8
_HEADERS = ("ファイル", "状態", "理由コード", "説明", "詳細")
_STATES = {"skipped": "対象外", "failed": "失敗"}
# Japanese Excel takes the wide ones for their narrow twins.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = (*"=+-@", *"＝＋－＠", "\t", "\r", "\n")


class ProblemList:
    """The list, while it is written."""

    def __init__(self, lines: Lines) -> None:
        """`writing` makes it."""
        self._lines = lines
        self._lines.write_raw((_BOM + _row(*_HEADERS)).encode())

    def add(self, outcome: Outcome) -> None:
        """Add a file that is skipped or failed."""
        reason = outcome.get("reason", "")
        row = _row(
            outcome["key"].removeprefix(keys.DATA),
            _STATES[outcome["status"]],
            reason,
            reasons.explanation(reason),
            outcome.get("detail", ""),
        )
        self._lines.write_raw(row.encode())


@contextmanager
def writing(store: Store, batch: str) -> Iterator[ProblemList]:
    """A batch's list; it appears when the block ends."""
    with store.writing(keys.report(batch, keys.PROBLEMS)) as lines:
        yield ProblemList(lines)


def _row(*cells: str) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(_harmless(cell) for cell in cells)
    return text.getvalue().removesuffix("\n")  # which `Lines` writes


def _harmless(cell: str) -> str:
    """A cell that Excel doesn't take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
