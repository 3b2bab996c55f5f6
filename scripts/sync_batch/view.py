"""What an operator sees: a progress bar, log lines above it, a table at the end."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.logging import RichHandler
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from batchworks.logs import MaskedText
from sync_batch.controls import Tally
from sync_batch.result import Result

_COLOURS = {"complete": "green", "partial": "yellow", "busy": "yellow"}


def log_handler(console: Console) -> logging.Handler:
    """A handler that prints log lines above the progress bar, without secrets."""
    handler = RichHandler(console=console, show_path=False, log_time_format="%H:%M:%S")
    handler.setFormatter(MaskedText("%(message)s"))
    return handler


@contextmanager
def progress(console: Console, tally: Tally) -> Iterator[Callable[[], None]]:
    """Show a bar; gives the function to call whenever the tally has grown."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} videos"),
        TextColumn("{task.fields[quota]:,} units"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("channels", total=0, quota=0)

        def watch() -> None:
            bar.update(
                task,
                description=f"{tally.channels_read} of {tally.channels_total} channels",
                total=max(tally.videos_total, tally.videos_read),
                completed=tally.videos_read,
                quota=tally.quota_used,
            )

        yield watch


def show_result(console: Console, result: Result, tally: Tally) -> None:
    """Print how a run ended."""
    table = Table(title="sync-batch", title_justify="left", show_header=False)
    table.add_column(style="bold")
    table.add_column()
    table.add_row("outcome", f"[{_COLOURS[result.outcome]}]{result.outcome}[/]")
    for name, value in _facts(result, tally).items():
        table.add_row(name, value)
    console.print(table)
    console.print(escape(result.message))


def _facts(result: Result, tally: Tally) -> dict[str, str]:
    if result.run_id is None:
        return {}
    return {
        "run": result.run_id,
        "day": f"{result.date} (Asia/Tokyo)",
        "channels": f"{result.channels:,} of {result.channels_total:,}",
        "videos": f"{result.videos:,}",
        **{f"rows in {table}": f"{rows:,}" for table, rows in tally.rows.items()},
        "quota used": f"{result.quota_used:,} units",
        **{f"time for {phase}": f"{seconds:.1f} s" for phase, seconds in tally.seconds.items()},
    }
