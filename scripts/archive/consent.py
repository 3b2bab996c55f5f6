"""Asks a person before something costs money."""

from __future__ import annotations

import sys

import typer

from scripts.archive.exits import Exit


def ask(question: str, *, yes: bool) -> None:
    """Go on if the answer is yes.

    Args:
        yes: it was given already, as `--yes`.

    Raises:
        typer.Exit: the answer is no, or nobody is there to answer.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        typer.echo("確認できる端末がありません。内容を確認のうえ --yes を付けてください", err=True)
        raise typer.Exit(Exit.USAGE)
    if not typer.confirm(question):
        typer.echo("中止しました。何も変更していません")
        raise typer.Exit(Exit.REFUSED)
