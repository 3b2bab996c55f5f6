"""`archive templates`: the Excel templates for requesters."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scripts.archive.edge import told
from scripts.archive.templates import books


def command(
    *,
    to: Annotated[Path, typer.Option(help="書き出すフォルダー。")] = Path(),
) -> None:
    """依頼者に渡す Excel の様式（アーカイブ依頼・復元依頼）を作ります。"""
    with told():
        for path in books.write_all(to):
            typer.echo(f"出力: {path}")
