"""What several commands say alike."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from scripts.archive.run_files import RunFiles


def ignored(columns: Sequence[str]) -> None:
    """Say which columns of a list don't matter."""
    typer.echo(f"次の列は使いません: {'、'.join(columns)}")


def written(files: RunFiles) -> None:
    """Say which files a run leaves."""
    for path in files.written.values():
        typer.echo(f"出力: {path}")
