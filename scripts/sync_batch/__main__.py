"""`python -m scripts.sync_batch --env local|dev|prd`, or `make sync-<env>`.

Exit codes: 0 done (also when another run was at work already), 1 failed, 2 bad settings,
3 stopped early: channels wait for the next run.
"""

from __future__ import annotations

import os
from typing import Annotated

import typer
from rich.console import Console

from batchworks import logs
from scripts.environments import REGION, Environment
from scripts.exits import Exit, code_of
from scripts.sync_batch import local, view
from scripts.sync_batch.brake import Pedal
from sync_batch import JOB, sync
from sync_batch import settings as job_settings
from sync_batch.controls import Controls, Tally
from sync_batch.result import Result

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
console = Console(stderr=True, highlight=False, soft_wrap=True)


@app.command()
def synchronise(
    env: Annotated[Environment, typer.Option(help="whose settings: .env.<env> or Secrets Manager")],
) -> None:
    """Bring today's YouTube numbers into the CSV files and PostgreSQL, and show what was done."""
    logs.send_to(view.log_handler(console))
    raise typer.Exit(code_of(lambda: _synchronise(env), console))


def _synchronise(env: Environment) -> Exit:
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    with local.lender(os.environ, env, console.print) as running:
        variables = local.variables(os.environ, env, running)
        if running:
            os.environ.update(running.environment())
        settings = job_settings.load(variables, local.settings_file(env))
        logs.set_level(JOB, settings.log_level)
        return _run(settings, env)


def _run(settings: job_settings.Settings, env: Environment) -> Exit:
    tally = Tally()
    with view.progress(console, tally) as watch, Pedal(console).under_ctrl_c() as brake:
        result = sync.run(settings, "operator", Controls(brake=brake, tally=tally, watch=watch))
    view.show_result(console, result, tally)
    return _exit_code(result, env)


def _exit_code(result: Result, env: Environment) -> Exit:
    if result.outcome != "partial":
        return Exit.DONE
    console.print(
        f"To resume: make sync-{env}. It begins with the channels that waited longest; what was "
        "read is kept."
    )
    return Exit.STOPPED_EARLY


if __name__ == "__main__":
    app()
