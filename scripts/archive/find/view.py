"""What a search shows on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from scripts.archive.amounts import amount
from scripts.archive.clock import minute
from scripts.archive.find.lookup import Row
from scripts.archive.find.query import COLUMNS, Totals

_HEADER = ("アーカイブ日時", "サイズ", "依頼ID", "パス")


def show(console: Console, rows: Iterable[Row], found: Totals) -> None:
    """Print a line for each row, and totals."""
    lines = [_cells(dict(zip(COLUMNS, row, strict=True))) for row in rows]
    if lines:
        _print(console, [_HEADER, *lines])
    console.print(totals(found))
    if len(lines) < found.count:
        console.print(f"新しい順に {len(lines):,} 件を表示しました。全件は --csv や --xlsx で")


def totals(found: Totals) -> str:
    """Totals in one line."""
    return f"件数: {found.count:,} 件　合計サイズ: {amount(found.size)}"


def _cells(row: dict[str, object]) -> tuple[str, str, str, str]:
    at, size = row["アーカイブ日時"], row["サイズ"]
    path = f"{row['ディレクトリパス']}\\{row['アーカイブファイル名']}"
    return minute(at), amount(size), str(row["依頼ID"] or ""), path  # type: ignore[arg-type]


def _print(console: Console, lines: list[tuple[str, str, str, str]]) -> None:
    """Columns one below the other; the path comes last, and is never cut."""
    widths = [max(cell_len(line[column]) for line in lines) for column in range(3)]
    for at, size, request_id, path in lines:
        cells = (_wide(at, widths[0]), _wide(size, -widths[1]), _wide(request_id, widths[2]), path)
        console.print(Text("  ".join(cells)), soft_wrap=True)


def _wide(text: str, width: int) -> str:
    """The text filled up to so many columns of a terminal; on its left if that is negative."""
    room = " " * (abs(width) - cell_len(text))
    return text + room if width > 0 else room + text
