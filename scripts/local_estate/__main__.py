"""`make demo`, `make up` and `make down`."""

from __future__ import annotations

import sys
from shlex import quote
from typing import Annotated

import typer

from scripts import runs
from scripts.background import NotStartedError
from scripts.local_estate import estate
from scripts.local_estate.demo import demo as show
from scripts.local_estate.deploy import deploy
from scripts.local_estate.steps import console, step
from scripts.package import PackageError
from scripts.terraform import TerraformError

TRY = """
AWS answers at {aws}, YouTube at {youtube}. Try:

  make trigger ENV=local WAIT=1
  . .local/up/aws.env && aws events list-rules
  PGPASSWORD={password} psql -h 127.0.0.1 -p {port} -U postgres shirogane

`make down` stops it; the database's rows stay."""

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.command()
def demo() -> None:
    """Build, apply and run sync-batch on this machine, show the rows, stop everything."""
    raise typer.Exit(show())


@app.command()
def up(stack: Annotated[str, typer.Option(help="a folder of terraform/stacks")]) -> None:
    """Start the estate, apply a stack to it, and leave it running."""
    running = deploy(stack, estate.LASTING)
    database = running.database
    with (running.home / "aws.env").open("w") as file:
        file.writelines(f"export {name}={value}\n" for name, value in running.environment().items())
    told = TRY.format(
        aws=running.aws.endpoint,
        youtube=running.youtube.endpoint,
        port=database.port,
        password=quote(database.password),
    )
    console.print(told, soft_wrap=True, markup=False)


@app.command()
def down() -> None:
    """Stop what `up` started."""
    if estate.running() is None:
        console.print("nothing was running")
    with step("stop AWS, YouTube and PostgreSQL"):
        estate.stop()


def main() -> None:
    """Run the command; a failed step ends it with one message and exit code 1."""
    try:
        app()
    except TerraformError as error:
        sys.exit(f"{error.output}\n{error}")
    except (NotStartedError, runs.NotSentError, runs.NoRunError, PackageError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
