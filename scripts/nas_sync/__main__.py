"""`python -m scripts.nas_sync`, or `make search`, `make reindex`, `make nas-sync`.

Exit codes: 0 done, 1 failed, 2 bad settings.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from scripts.environments import Environment
from scripts.exits import code_of
from scripts.nas_sync import following, reindexing
from scripts.nas_sync import search as searching
from scripts.nas_sync.following import BatchType, Request
from scripts.nas_sync.search import Question

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True)
answers = Console(highlight=False)
console = Console(stderr=True, highlight=False, soft_wrap=True)

Env = Annotated[Environment, typer.Option(help="whose files")]


@app.callback()
def prepare() -> None:
    """The files of the NAS: made searchable, and searched."""


@app.command()
def search(
    *,
    env: Env,
    words: Annotated[str | None, typer.Argument(help="all of them have to be there")] = None,
    image: Annotated[Path | None, typer.Option(help="find images that look like it")] = None,
    file_type: Annotated[str | None, typer.Option("--type", help="an extension")] = None,
    folder: Annotated[str | None, typer.Option(help="below the share")] = None,
    since: Annotated[str | None, typer.Option(help="changed on that day or later")] = None,
    page: Annotated[int, typer.Option(help="from 1", min=1)] = 1,
) -> None:
    """Find files by words in their names and texts, or images by what they look like."""
    question = Question(words, image, file_type, folder, since, page)
    raise typer.Exit(code_of(lambda: searching.run(env, question, answers), console))


@app.command()
def reindex(
    *,
    env: Env,
    delete_old: Annotated[
        bool, typer.Option(help="delete what earlier reindexing left; make nothing new")
    ] = False,
) -> None:
    """Fill new indices from the old ones where the code has a newer mapping."""
    work = reindexing.delete_old if delete_old else reindexing.run
    raise typer.Exit(code_of(lambda: work(env, console), console))


@app.command()
def run(
    *,
    env: Env,
    batch_type: Annotated[BatchType, typer.Option(help="what it is told")] = BatchType.MANUAL,
    reason: Annotated[str, typer.Option(help="why, for those who read the history")] = "",
    full_sync: Annotated[bool, typer.Option(help="process every file again")] = False,
    resume: Annotated[str, typer.Option(help="continue this batch: exec-…")] = "",
    release_brake: Annotated[
        bool, typer.Option(help="go on though more files are gone than the brake allows")
    ] = False,
) -> None:
    """Start a run of the state machine and follow it to its end."""
    request = Request(batch_type, reason, full_sync, resume, release_brake)
    raise typer.Exit(code_of(lambda: following.run(env, request, console), console))


if __name__ == "__main__":
    app()
