"""What a search shows on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scripts.archive.find.lookup import Row
from scripts.archive.find.query import COLUMNS, Totals
from scripts.archive.run_files import TOKYO

_SHOWN = (
    "アーカイブ日時", "ディレクトリパス", "アーカイブファイル名", "サイズ", "依頼ID",
    "S3バケット名", "S3キー",
)  # fmt: skip
_UNITS = ("B", "KB", "MB", "GB", "TB")


def show(console: Console, rows: Iterable[Row], found: Totals) -> None:
    """Print rows and totals."""
    table = Table()
    for column in _SHOWN:
        table.add_column(column, justify="right" if column == "サイズ" else "left", overflow="fold")
    shown = 0
    for row in rows:
        table.add_row(*_cells(dict(zip(COLUMNS, row, strict=True))))
        shown += 1
    if shown:
        console.print(table)
    console.print(totals(found))
    if shown < found.count:
        console.print(f"新しい順に {shown:,} 件を表示しました。全件は --csv や --xlsx で")


def totals(found: Totals) -> str:
    """Totals in one line."""
    return f"件数: {found.count:,} 件　合計サイズ: {size(found.size)}"


def size(count: int) -> str:
    """Bytes as people read them, in units of 1,024."""
    amount = float(count)
    for unit in _UNITS:
        if amount < 1024 or unit == _UNITS[-1]:
            break
        amount /= 1024
    return f"{count:,} B" if unit == "B" else f"{amount:,.1f} {unit}"


def _cells(row: dict[str, object]) -> list[Text]:
    at = row["アーカイブ日時"].astimezone(TOKYO).strftime("%Y-%m-%d %H:%M")  # type: ignore[attr-defined]
    values = {**row, "アーカイブ日時": at, "サイズ": size(int(str(row["サイズ"])))}
    return [Text("" if values[name] is None else str(values[name])) for name in _SHOWN]
