"""`export`: scans a table into the bucket from this machine, as the function does."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeElapsedColumn

from dynamodb_export.controls import Controls
from dynamodb_export.scan import export
from dynamodb_export.scan.export import Request, Result
from scripts.dynamodb_export import deployed
from scripts.dynamodb_export.brake import under_ctrl_c
from scripts.environments import Environment
from scripts.exits import Exit

_STOPPING = "Stopping: what was written is removed first (again: leave it)."


def run(env: Environment, table: str | None, console: Console) -> Exit:
    """Export one table.

    Args:
        env: whose table, bucket and settings.
        table: its name; None: the one that is exported where nobody names one.
        console: of the operator.

    Raises:
        JobError: the settings are wrong, or the export failed.
        NotRunningError: `local`, and no local AWS is running.
    """
    settings = deployed.settings(env)
    plan = settings.plan(table or settings.table_name)
    request = Request(plan, f"operator-{uuid.uuid4().hex[:12]}", datetime.now(UTC).date())
    console.print(f"exporting {plan.name} to s3://{settings.bucket}/")
    with under_ctrl_c(console, _STOPPING) as stopped, _bar(console) as (expect, watch):
        controls = Controls(stopped=stopped, expect=expect, watch=watch)
        result = export.run(settings, export.connect(settings), request, controls)
    return _ended(result, console)


def _ended(result: Result, console: Console) -> Exit:
    if result.outcome == "stopped":
        console.print(f"[yellow]{result.message}[/]: nothing is left of it. Run it again any time.")
        return Exit.STOPPED_EARLY
    console.print(
        f"[green]{result.message}[/]: {result.items:,} items, {result.size:,} bytes in "
        f"{escape(str(result.location))}"
    )
    return Exit.DONE


@contextmanager
def _bar(console: Console) -> Iterator[tuple[Callable[[int], None], Callable[[int], None]]]:
    """Show a bar; gives what to tell the expected and the written number of items."""
    columns = (
        TextColumn("{task.completed:,.0f} of about {task.total:,.0f} items"),
        BarColumn(),
        _Rate(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("items", total=0)

        def watch(items: int) -> None:
            expected = max(items, bar.tasks[0].total or 0)
            bar.update(task, completed=items, total=expected)

        yield lambda items: bar.update(task, total=items), watch


class _Rate(ProgressColumn):
    """Items a second."""

    def render(self, task: Task) -> str:
        return f"{task.speed:,.0f} items/s" if task.speed else ""
