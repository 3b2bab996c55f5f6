"""The templates check what people type, and what is saved from them is read as a list."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from typer.testing import CliRunner

from scripts.archive import lists
from scripts.archive.__main__ import app
from scripts.archive.templates import books
from scripts.archive.templates.books import Template

TYPED = [
    (r"\\fsx-server-name\share\営業部\2023年度", "見積書,①.xlsx"),
    (r"\\fsx-server-name\share\総務部", None),
]
templates = pytest.mark.parametrize("template", books.TEMPLATES, ids=lambda each: each.column)


def sheet(template: Template, folder: Path) -> Worksheet:
    found = openpyxl.load_workbook(books.write(template, folder)).worksheets[0]
    assert isinstance(found, Worksheet)
    return found


def test_the_command_writes_both(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["templates", "--to", str(tmp_path / "new")])

    assert result.exit_code == 0
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        "アーカイブ依頼.xlsx",
        "復元依頼.xlsx",
    }


@templates
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_csv_saved_from_it_is_read_as_a_list(
    template: Template, encoding: str, tmp_path: Path
) -> None:
    filled = sheet(template, tmp_path)
    for row in TYPED:
        filled.append(row)
    saved = tmp_path / template.saved_as
    with saved.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream).writerows(filled.iter_rows(values_only=True))

    rows = list(lists.read(saved, template.column, require_header=True))

    assert [(row.directory, row.name) for row in rows] == TYPED


@templates
def test_the_first_row_is_the_header_and_cells_are_text(template: Template, tmp_path: Path) -> None:
    found = sheet(template, tmp_path)

    assert [cell.value for cell in found[1]] == ["ディレクトリパス", template.column]
    assert found.max_row == 1
    assert {found.column_dimensions[column].number_format for column in "AB"} == {"@"}


@templates
def test_both_columns_are_checked_with_a_hint_in_japanese(
    template: Template, tmp_path: Path
) -> None:
    checks = sheet(template, tmp_path).data_validations.dataValidation

    assert [str(check.sqref) for check in checks] == [
        f"A2:A{books.ROWS + 1}",
        f"B2:B{books.ROWS + 1}",
    ]
    for check in checks:
        assert check.type == "custom"
        assert len(str(check.formula1)) <= 255  # more is no formula to Excel
        assert check.prompt
        assert len(check.prompt) <= 255
        assert check.error
        assert check.errorTitle == "入力を確認してください"
    path, name = (str(check.formula1) for check in checks)
    assert r'LEFT($A2,2)="\\"' in path
    assert "LEN($B2)<=255" in name


@templates
def test_a_second_sheet_says_how_to_save_it(template: Template, tmp_path: Path) -> None:
    guide = openpyxl.load_workbook(books.write(template, tmp_path))["使い方"]

    told = "\n".join(str(cell.value) for (cell,) in guide.iter_rows(max_col=1))
    assert "CSV UTF-8（コンマ区切り）" in told
    assert template.saved_as in told
