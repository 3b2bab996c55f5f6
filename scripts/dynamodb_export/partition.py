"""`partition`: moves exports to the partitions of their days from this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from dynamodb_export import clients
from dynamodb_export.partition import partitioning
from dynamodb_export.partition.moving import Move, Outcome
from dynamodb_export.partition.report import Report
from scripts.dynamodb_export import deployed
from scripts.dynamodb_export.brake import under_ctrl_c
from scripts.environments import Environment
from scripts.exits import Exit

_STOPPING = "Stopping: objects under way are finished first (again: leave them)."
_LEFT = {
    "archived": "in Glacier: restore them first if they are to be moved",
    "changed": "written meanwhile: run it again",
    "waiting": "native exports that aren't verified yet: export-follow-up looks every 15 minutes",
    "unknown": "that are no exports",
    "failed": "that could not be moved: see above",
}


def run(env: Environment, *, dry: bool, console: Console) -> Exit:
    """Move everything that can be moved.

    Args:
        env: whose bucket.
        dry: only list what would be moved.
        console: of the operator.

    Raises:
        JobError: the settings are wrong, or the bucket can't be listed.
        NotRunningError: `local`, and no local AWS is running.
    """
    settings = deployed.settings(env)
    console.print(f"partitioning s3://{settings.bucket}/{' (dry run)' * dry}")
    with under_ctrl_c(console, _STOPPING) as stopped, _counter(console) as watch:
        report = partitioning.partition(
            clients.s3(settings.account_id),
            settings.bucket,
            dry=dry,
            goes_on=lambda: not stopped(),
            watch=watch,
        )
    return _ended(report, dry=dry, console=console)


def _ended(report: Report, *, dry: bool, console: Console) -> Exit:
    told = report.told()
    for name, meaning in _LEFT.items():
        if count := told.get(name):
            console.print(f"[yellow]{count:,}[/] {meaning}")
    if dry:
        console.print(f"{told.get('planned', 0):,} objects would be moved; nothing was changed")
        return Exit.DONE
    console.print(f"[green]Partitioning completed[/]: {report.moved:,} objects moved")
    if report.troubles:
        return Exit.FAILED
    if not report.finished:
        console.print("Stopped early. Run it again: it goes on where it stopped.")
        return Exit.STOPPED_EARLY
    return Exit.DONE


@contextmanager
def _counter(console: Console) -> Iterator[Callable[[Move, Outcome], None]]:
    """Show how many objects are done; gives what to tell each one."""
    columns = (
        TextColumn("{task.completed:,.0f} objects"),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)

        def watch(what: Move, _outcome: Outcome) -> None:
            bar.update(task, advance=1, description=escape(what.target))

        yield watch
