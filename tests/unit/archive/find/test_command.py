"""`archive find`: what an operator sees and gets."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import typer
from typer.testing import CliRunner, Result

from scripts.archive.exits import Exit
from scripts.archive.find.command import command
from scripts.archive.find.periods import PERIODS
from tests.conftest import Database
from tests.unit.archive.entries import entry, environ, listed

ROWS = (
    entry("fsx-server-name/share/営業部/=1+1.xlsx", size=1536, comment="=cmd"),
    entry("fsx-server-name/share/営業部/見積.xlsx", request_id="REQ-2"),
    entry("fsx-server-name/share/総務部/見積.xlsx"),
)


def find(database: Database, *arguments: str) -> Result:
    app = typer.Typer()
    app.command()(command)
    variables = {**environ(database), "COLUMNS": "40", "ARCHIVE_SETTINGS": ""}
    return CliRunner().invoke(app, arguments, env=variables)


def test_each_file_is_one_line_on_the_narrowest_terminal(database: Database) -> None:
    with listed(database, *ROWS):
        result = find(database, "営業部")

    assert result.exit_code == Exit.DONE
    assert result.output.splitlines() == [
        "アーカイブ日時       サイズ  依頼ID  パス",
        r"2026-04-01 09:00  10 バイト  REQ-2   \\fsx-server-name\share\営業部\見積.xlsx",
        r"2026-04-01 09:00     1.5 KB  REQ-1   \\fsx-server-name\share\営業部\=1+1.xlsx",
        "件数: 2 件　合計サイズ: 1.5 KB",
    ]


def test_nothing_found_is_no_error(database: Database) -> None:
    with listed(database):
        result = find(database, "無い")

    assert (result.exit_code, result.output.strip()) == (0, "件数: 0 件　合計サイズ: 0 バイト")


def test_files_hold_all_matches_however_few_are_shown(database: Database, tmp_path: Path) -> None:
    with listed(database, *ROWS):
        files = {option: tmp_path / option for option in ("csv", "xlsx", "restore-list")}
        files["xlsx"] = tmp_path / "found.xlsx"
        options = [text for name, path in files.items() for text in (f"--{name}", str(path))]
        result = find(database, "--limit", "1", *options)

    assert result.exit_code == Exit.DONE
    assert "新しい順に 1 件" in result.output
    with files["csv"].open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["アーカイブファイル名"] for row in rows} == {"'=1+1.xlsx", "見積.xlsx"}
    assert {row["アーカイブ日時"] for row in rows} == {"2026-04-01 09:00:00"}
    sheet = openpyxl.load_workbook(files["xlsx"]).worksheets[0]
    assert sheet.max_row == 4
    restore = files["restore-list"].read_text("utf-8-sig").splitlines()
    assert restore[0] == "ディレクトリパス,復元対象ファイル名"
    assert restore[1:] == [
        r"\\fsx-server-name\share\営業部,'=1+1.xlsx",
        r"\\fsx-server-name\share\営業部,見積.xlsx",
        r"\\fsx-server-name\share\総務部,見積.xlsx",
    ]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--from", "4月1日"], "--from の 4月1日 は日付ではありません"),
        (["--period", "去年"], "--period には 今月"),
        (["--period", "先月", "--to", "2026-04-01"], "単独で指定"),
    ],
)
def test_days_that_are_none_are_refused(database: Database, options: list[str], told: str) -> None:
    result = find(database, *options)

    assert result.exit_code == Exit.USAGE
    assert told in result.output


def test_a_server_that_is_down_is_told_in_one_sentence(database: Database) -> None:
    app = typer.Typer()
    app.command()(command)
    result = CliRunner().invoke(app, [], env={**environ(database), "DB_PORT": "1"})

    assert result.exit_code == Exit.SOME_FAILED
    assert "アーカイブリスト (PostgreSQL) を使えません" in result.output
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("name", "today", "days"),
    [
        ("今月", date(2026, 11, 22), (date(2026, 11, 1), date(2026, 11, 22))),
        ("先月", date(2026, 1, 5), (date(2025, 12, 1), date(2025, 12, 31))),
        ("先月", date(2024, 3, 31), (date(2024, 2, 1), date(2024, 2, 29))),
        ("過去3か月", date(2026, 5, 31), (date(2026, 3, 2), date(2026, 5, 31))),
        ("今年度", date(2026, 3, 31), (date(2025, 4, 1), date(2026, 3, 31))),
        ("今年度", date(2026, 4, 1), (date(2026, 4, 1), date(2026, 4, 1))),
    ],
)
def test_periods_are_those_of_the_calendar(name: str, today: date, days: tuple[date, date]) -> None:
    assert PERIODS[name](today) == days
