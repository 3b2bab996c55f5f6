"""Writes the templates: two columns that are checked while people type, and how to go on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from scripts.archive import lists

ROWS = 20_000
"""Rows that are checked; a longer list is read all the same."""

DIRECTORY_CHARACTERS = 1000
NAME_CHARACTERS = 255
"""Most characters of a name on NTFS.

Source: https://learn.microsoft.com/windows/win32/fileio/maximum-file-path-limitation
"""

_PATH = (
    '=AND(LEFT($A2,2)="\\\\",LEN($A2)>4,LEN($A2)<={directory},ISERROR(FIND("""",$A2)),'
    'ISERROR(FIND(CHAR(10),$A2)),ISERROR(FIND("..",$A2)))'
)
_NAME = (
    '=AND(LEN($B2)<={name},ISERROR(FIND("\\",$B2)),ISERROR(FIND("/",$B2)),ISERROR(FIND("""",$B2)),'
    "ISERROR(FIND(CHAR(10),$B2)))"
)
_PATH_HINT = (
    r"\\fsx-server-name\share\フォルダー のように、\\ から始まるフルパスを入力します。"
    '"（引用符）は付けません。'
)
_PATH_ERROR = r"\\ から始まるフルパスを、引用符や改行、「..」なしで入力してください。"
_NAME_ERROR = "ファイル名だけを 255 文字以内で入力してください。\\ や / 、引用符は使えません。"


@dataclass(frozen=True)
class Template:
    """One list.

    Args:
        file: name of the Excel file.
        saved_as: name that the CSV gets.
        column: what the column with file names is called.
        name_hint: shown beside a cell of that column.
        notes: what else is to be known, a line each.
    """

    file: str
    saved_as: str
    column: str
    name_hint: str
    notes: Sequence[str]


TEMPLATES = (
    Template(
        file="アーカイブ依頼.xlsx",
        saved_as="archive_list.csv",
        column=lists.FILE,
        name_hint="1つのファイルだけなら拡張子まで入力します。空欄ならフォルダーの中身すべてです。",
        notes=(
            "ファイル名を空欄にすると、フォルダーの中身すべて（下の階層も含む）が対象です。",
            "不要なファイルは、依頼の前にフォルダーから除いてください。",
            "Excel や Word で開いているファイルは閉じてください。",
        ),
    ),
    Template(
        file="復元依頼.xlsx",
        saved_as="restore_list.csv",
        column=lists.FILE_TO_RESTORE,
        name_hint="元のファイル名を拡張子まで入力します。空欄ならフォルダーの中身すべてです。",
        notes=(
            "名前は「アーカイブリスト管理画面」の表示のとおりに入力してください。",
            "「_archived.txt」の付かない、元のファイル名を入力します。",
            "復元には最大 48 時間かかります。",
        ),
    ),
)


def write_all(folder: Path) -> list[Path]:
    """Write all templates; files of these names are replaced.

    Args:
        folder: made when it is missing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [write(template, folder) for template in TEMPLATES]


def write(template: Template, folder: Path) -> Path:
    """Write one template."""
    path = folder / template.file
    with xlsxwriter.Workbook(str(path)) as book:
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1})
        text = book.add_format({"num_format": "@"})
        sheet = book.add_worksheet("リスト")
        sheet.write_row(0, 0, (lists.DIRECTORY, template.column), head)
        sheet.set_column(0, 0, 70, text)
        sheet.set_column(1, 1, 40, text)
        sheet.freeze_panes(1, 0)
        _check(sheet, 0, _PATH, (lists.DIRECTORY, _PATH_HINT, _PATH_ERROR))
        _check(sheet, 1, _NAME, (template.column, template.name_hint, _NAME_ERROR))
        guide = book.add_worksheet("使い方")
        guide.set_column(0, 0, 100)
        for number, line in enumerate(_guide(template)):
            guide.write_string(number, 0, line, head if number == 0 else None)
    return path


def _check(sheet: Worksheet, column: int, formula: str, texts: tuple[str, str, str]) -> None:
    title, hint, error = texts
    sheet.data_validation(
        1, column, ROWS, column,
        {
            "validate": "custom",
            "value": formula.format(directory=DIRECTORY_CHARACTERS, name=NAME_CHARACTERS),
            "ignore_blank": True,
            "input_title": title,
            "input_message": hint,
            "error_title": "入力を確認してください",
            "error_message": error,
        },
    )  # fmt: skip


def _guide(template: Template) -> Sequence[str]:
    return (
        f"{template.file.removesuffix('.xlsx')}リストの使い方",
        "1. シート「リスト」の 2 行目から、1 行に 1 件ずつ入力します。1 行目の見出しは変えません。",
        "2. シート「リスト」を表示したまま、「ファイル」→「名前を付けて保存」を選びます。",
        "3. ファイルの種類で「CSV UTF-8（コンマ区切り）(*.csv)」を選びます。",
        f"4. 名前を {template.saved_as} などとして保存し、FAST の申請に添付します。",
        "「選択したシートのみ保存されます」と表示されたら「OK」を選んでください。",
        *template.notes,
    )
