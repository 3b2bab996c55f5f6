"""Tables for people's spreadsheets: CSV and Excel of any length, none of whose text is run."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import TextIO
from uuid import uuid4

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from scripts.archive.clock import TOKYO

Cell = str | int | datetime | None
Row = Sequence[Cell]

SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
"""Most rows of a sheet, most characters of a cell.

Source: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3
"""

_RUN = r"'*[=+\-@\t\r]"
_TIME = "%Y-%m-%d %H:%M:%S"


def guard(text: str) -> str:
    """The text so that a spreadsheet shows it: one that it would run gets an apostrophe in front.

    A text that looks guarded already is guarded once more, so that `unguard` gives back exactly
    what was there.
    """
    return "'" + text if re.match(_RUN, text) else text


def unguard(text: str) -> str:
    """What `guard` was given."""
    return text[1:] if re.match("'" + _RUN, text) else text


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Row]) -> int:
    """Write a CSV file that Excel opens as it is: UTF-8 with BOM, times in Tokyo.

    Args:
        path: a file that is there is replaced, once the new one is whole.
        header: one name per column.
        rows: read once, one at a time; times are aware.

    Returns:
        How many rows were written.
    """
    with (
        _replacing(path) as growing,
        growing.open("w", encoding="utf-8-sig", newline="") as stream,
    ):
        return put_csv(stream, header, rows)


def put_csv(stream: TextIO, header: Sequence[str], rows: Iterable[Row]) -> int:
    """Write what `write_csv` writes into a stream that is open without newline translation."""
    count = 0
    writer = csv.writer(stream)
    writer.writerow(header)
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        writer.writerow(map(_text, row))
    return count


def write_xlsx(
    path: Path, header: Sequence[str], rows: Iterable[Row], *, sheet_rows: int = SHEET_ROWS
) -> int:
    """Write an Excel file: text is text, never a formula or a link; times in Tokyo.

    What doesn't fit one sheet goes on in the next, each with its header.

    Args:
        path: a file that is there is replaced, once the new one is whole.
        header: one name per column.
        rows: read once, one at a time; times are aware.
        sheet_rows: rows of a sheet, its header included.

    Returns:
        How many rows were written.
    """
    count = 0
    remaining = iter(rows)
    options = {"constant_memory": True, "tmpdir": str(path.parent)}
    with _replacing(path) as growing, xlsxwriter.Workbook(str(growing), options) as book:
        bold = book.add_format({"bold": True})
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for page in chain([_page(remaining, sheet_rows - 1)], _pages(remaining, sheet_rows - 1)):
            sheet = book.add_worksheet()
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(header) - 1, 20)
            for column, name in enumerate(header):
                sheet.write_string(0, column, name, bold)
            for number, row in enumerate(page, 1):
                _write_row(sheet, number, row, time)
                count += 1
    return count


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A file beside a path that takes its place in the end, or goes where there was an error."""
    if path.exists() and not path.is_file():
        yield path  # a device such as /dev/stdout
        return
    target = path.resolve()
    growing = target.with_name(f".{uuid4().hex}.part")
    try:
        yield growing
        growing.replace(target)
    finally:
        growing.unlink(missing_ok=True)


def _pages(rows: Iterator[Row], size: int) -> Iterator[Iterator[Row]]:
    for first in rows:
        yield chain([first], _page(rows, size - 1))


def _page(rows: Iterator[Row], size: int) -> Iterator[Row]:
    return islice(rows, size)


def _write_row(sheet: Worksheet, number: int, row: Row, time: Format) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            sheet.write_string(number, column, cell[:CELL_CHARACTERS])
        elif isinstance(cell, datetime):
            sheet.write_datetime(number, column, _tokyo(cell), time)
        elif cell is not None:
            sheet.write_number(number, column, cell)


def _text(cell: Cell) -> str:
    if isinstance(cell, str):
        return guard(cell)
    if isinstance(cell, datetime):
        return _tokyo(cell).strftime(_TIME)
    return "" if cell is None else str(cell)


def _tokyo(time: datetime) -> datetime:
    """The clock in Tokyo, to the second, as a spreadsheet knows time: without a zone."""
    aware = time if time.tzinfo else time.replace(tzinfo=UTC)
    return aware.astimezone(TOKYO).replace(tzinfo=None, microsecond=0)
