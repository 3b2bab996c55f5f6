"""`archive init`: the archive list's table, and who may read it."""

from __future__ import annotations

import os
from contextlib import closing
from typing import Annotated

import typer

from scripts.archive import archive_list, settings
from scripts.archive.edge import told
from scripts.archive.exits import Exit


def command(
    *,
    reader: Annotated[
        str | None, typer.Option(help="読み取りを許可するロール（検索ページ用）。")
    ] = None,
) -> None:
    """アーカイブリストの表を PostgreSQL に作ります。すでにある場合は何も変更しません。"""
    with told():
        database = settings.load_database(os.environ)
        with closing(archive_list.connect(database, application="archive init")) as connection:
            archive_list.create(connection)
            if reader:
                archive_list.allow_reading(connection, reader)
    typer.echo("アーカイブリストの準備ができました")
    raise typer.Exit(Exit.DONE)
