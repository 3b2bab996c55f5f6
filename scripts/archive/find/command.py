"""`archive find`: what is archived, on the screen and as files."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from psycopg2.extensions import connection as Connection  # noqa: N812 - it is a class
from rich.console import Console

from scripts.archive import archive_list, clock, lists, settings, spreadsheet
from scripts.archive.edge import told
from scripts.archive.exits import Exit
from scripts.archive.find import lookup, query, view
from scripts.archive.find.periods import PERIODS
from scripts.archive.find.query import Search, part


def command(
    path: Annotated[
        str | None,
        typer.Argument(
            metavar="TEXT", help="パスの一部。大文字と小文字、全角と半角は区別しません。"
        ),
    ] = None,
    *,
    request_id: Annotated[str | None, typer.Option(help="依頼ID（完全一致）。")] = None,
    requester: Annotated[str | None, typer.Option(help="依頼者名の一部。")] = None,
    name: Annotated[str | None, typer.Option(help="ファイル名の一部。")] = None,
    since: Annotated[
        str | None, typer.Option("--from", help="この日以降にアーカイブ（例 2026-04-01）。")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--to", help="この日までにアーカイブ（例 2026-04-30）。")
    ] = None,
    period: Annotated[str | None, typer.Option(help=f"期間の名前: {'、'.join(PERIODS)}。")] = None,
    limit: Annotated[int, typer.Option(min=1, help="画面に表示する件数。")] = 50,
    csv: Annotated[Path | None, typer.Option(help="全件を書き出す CSV ファイル。")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="全件を書き出す Excel ファイル。")] = None,
    restore_list: Annotated[
        Path | None, typer.Option(help="全件を復元リストとして書き出す CSV ファイル。")
    ] = None,
) -> None:
    """アーカイブリストを検索します。"""
    first, last = _days(since, until, period)
    search = Search(part(path), part(name), part(request_id), part(requester), first, last)
    with told():
        database = settings.load_database(os.environ)
        with closing(archive_list.connect(database, application="archive find")) as connection:
            found = lookup.totals(connection, search)
            rows = lookup.page(connection, search, found, size=limit)
            view.show(Console(), rows, found)
            _export(connection, search, csv, xlsx, restore_list)


def _export(
    connection: Connection,
    search: Search,
    csv: Path | None,
    xlsx: Path | None,
    restore_list: Path | None,
) -> None:
    if csv:
        rows = lookup.everything(connection, search)
        _written(csv, spreadsheet.write_csv(csv, query.COLUMNS, rows))
    if xlsx:
        rows = lookup.everything(connection, search)
        _written(xlsx, spreadsheet.write_xlsx(xlsx, query.COLUMNS, rows))
    if restore_list:
        rows = lookup.restore_rows(connection, search)
        _written(restore_list, spreadsheet.write_csv(restore_list, lists.RESTORE_HEADER, rows))


def _written(path: Path, count: int) -> None:
    typer.echo(f"出力: {path} ({count:,} 件)")


def _days(
    since: str | None, until: str | None, period: str | None
) -> tuple[date | None, date | None]:
    if period is None:
        return _day("--from", since), _day("--to", until)
    if period not in PERIODS or since or until:
        _refuse(f"--period には {'、'.join(PERIODS)} のいずれかを、単独で指定してください")
    return PERIODS[period](clock.today())


def _day(option: str, written: str | None) -> date | None:
    try:
        return date.fromisoformat(written.replace("/", "-")) if written else None
    except ValueError:
        _refuse(f"{option} の {written} は日付ではありません。2026-04-01 の形で書いてください")


def _refuse(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(Exit.USAGE)
