"""Spreadsheets get text as text, whatever it is, and any number of rows."""

from __future__ import annotations

import csv
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.archive import spreadsheet

CELLS = st.text(st.characters(codec="utf-8"), max_size=20) | st.text("'=+-@\t\ra", max_size=5)


@given(CELLS)
def test_what_is_guarded_is_given_back_exactly(text: str) -> None:
    assert spreadsheet.unguard(spreadsheet.guard(text)) == text


@given(CELLS, CELLS)
def test_different_texts_stay_different(one: str, other: str) -> None:
    assert (spreadsheet.guard(one) == spreadsheet.guard(other)) == (one == other)


@given(CELLS)
def test_no_guarded_text_begins_as_a_formula_does(text: str) -> None:
    assert not spreadsheet.guard(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("text", ["見積.xlsx", "'quoted'", "", "a=b", r"\\server\share"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert spreadsheet.guard(text) == text


def test_the_csv_opens_in_excel(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    moment = datetime(2026, 4, 1, 15, 0, 0, 5, UTC)

    rows: list[spreadsheet.Row] = [("=1+1\n,", moment), (None, 3)]
    count = spreadsheet.write_csv(path, ["名前", "時刻"], iter(rows))

    assert count == 2
    assert path.read_bytes().startswith("\ufeff名前,時刻\r\n".encode())
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[1:] == [["'=1+1\n,", "2026-04-02 00:00:00"], ["", "3"]]


def test_excel_cells_are_text_numbers_and_times(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    texts = ('=HYPERLINK("http://x")', "https://example.com/", "0012", "{=1}", "あ" * 40_000)
    moment = datetime(2026, 4, 1, 15, tzinfo=UTC)

    spreadsheet.write_xlsx(path, list("abcdefg"), [(*texts, 2**40, moment)])

    cells = next(iter(openpyxl.load_workbook(path)["Sheet1"].iter_rows(min_row=2)))
    assert [cell.value for cell in cells[:4]] == list(texts[:4])
    assert {cell.data_type for cell in cells[:5]} == {"s"}
    assert {cell.hyperlink for cell in cells} == {None}
    assert len(str(cells[4].value)) == spreadsheet.CELL_CHARACTERS
    assert cells[5].value == 2**40
    assert cells[6].value == datetime(2026, 4, 2)  # noqa: DTZ001 - a spreadsheet has no zones


def test_rows_beyond_a_sheet_go_on_in_the_next(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"

    count = spreadsheet.write_xlsx(path, ["n"], ([n] for n in range(7)), sheet_rows=4)

    book = openpyxl.load_workbook(path)
    found = [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book]
    assert count == 7
    assert found == [["n", 0, 1, 2], ["n", 3, 4, 5], ["n", 6]]


def test_no_rows_are_a_sheet_with_its_header(tmp_path: Path) -> None:
    spreadsheet.write_xlsx(tmp_path / "list.xlsx", ["n"], [])

    book = openpyxl.load_workbook(tmp_path / "list.xlsx")
    assert [list(sheet.iter_rows(values_only=True)) for sheet in book] == [[("n",)]]


@pytest.mark.parametrize("write", [spreadsheet.write_csv, spreadsheet.write_xlsx])
def test_rows_that_break_off_leave_the_file_as_it_was(write: object, tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text("before")

    with pytest.raises(ConnectionError):
        write(path, ["n"], _lost())  # type: ignore[operator]

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def _lost() -> Iterator[spreadsheet.Row]:
    yield (1,)
    raise ConnectionError


@pytest.mark.parametrize("write", [spreadsheet.write_csv, spreadsheet.write_xlsx])
def test_memory_does_not_grow_with_the_rows(write: object, tmp_path: Path) -> None:
    def peak(count: int) -> int:
        tracemalloc.start()
        write(tmp_path / "rows", ["a", "b"], ((f"見積{n}" * 5, n) for n in range(count)))  # type: ignore[operator]
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    few = peak(2_000)
    assert peak(8_000) < few + 100_000
