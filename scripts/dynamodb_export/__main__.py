"""`python -m scripts.dynamodb_export`, or `make export`, `make partition`, `make smoke`.

Exit codes: 0 done, 1 failed, 2 bad settings, 3 stopped early.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer
from rich.console import Console
from rich.logging import RichHandler

from batchworks import logs
from dynamodb_export import PACKAGE, SERVICE
from scripts.dynamodb_export import export as exporting
from scripts.dynamodb_export import partition as partitioning
from scripts.dynamodb_export import smoke as smoking
from scripts.environments import Environment
from scripts.exits import code_of

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
console = Console(stderr=True, highlight=False, soft_wrap=True)

Env = Annotated[Environment, typer.Option(help="whose tables and bucket")]


@app.callback()
def prepare() -> None:
    """The app's tables in S3."""
    handler = RichHandler(console=console, show_path=False, log_time_format="%H:%M:%S")
    handler.setFormatter(logs.MaskedText("%(message)s"))
    logs.send_to(handler)
    logs.set_level(SERVICE, "INFO", PACKAGE)


@app.command()
def export(
    env: Env,
    table: Annotated[
        str | None, typer.Option(help="its name; else the one that TABLE_NAME names")
    ] = None,
) -> None:
    """Scan a table into the bucket, with a progress bar."""
    raise typer.Exit(code_of(lambda: exporting.run(env, table, console), console))


@app.command()
def partition(
    env: Env,
    dry_run: Annotated[bool, typer.Option(help="list what would be moved; change nothing")] = False,
) -> None:
    """Move exports to the partitions of their days."""
    work = partial(partitioning.run, env, dry=dry_run, console=console)
    raise typer.Exit(code_of(work, console))


@app.command()
def smoke(env: Env) -> None:
    """Export a table made for it by the deployed functions, compare, and remove it all again."""
    raise typer.Exit(code_of(lambda: smoking.run(env, console), console))


if __name__ == "__main__":
    app()
