"""`make demo`, `make demo-<system>`, `make up` and `make down`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from scripts import runs
from scripts.background import NotStartedError
from scripts.local_estate import demos, estate
from scripts.local_estate.deploy import deploy
from scripts.local_estate.steps import console, step
from scripts.package import PackageError
from scripts.terraform import TerraformError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Name = Annotated[str, typer.Option("--stack", help="a folder of terraform/stacks")]


@app.command()
def demo(stack: Name) -> None:
    """Build, apply and use a stack on this machine, show what came of it, stop everything."""
    raise typer.Exit(demos.show(stack))


@app.command()
def up(stack: Name) -> None:
    """Start the estate or join the one that runs, apply a stack to it, and leave it running."""
    deployed = deploy(stack, estate.LASTING)
    running = deployed.estate
    with (running.home / "aws.env").open("w") as file:
        file.writelines(f"export {name}={value}\n" for name, value in running.environment().items())
    console.print(f"\n{deployed.advice}\n", soft_wrap=True, markup=False)
    console.print("`make down` stops all that runs; the rows of databases stay.")


@app.command()
def down() -> None:
    """Stop what `up` started."""
    if estate.running() is None:
        console.print("nothing was running")
    with step("stop all that runs"):
        estate.stop()


def main() -> None:
    """Run the command; a failed step ends it with one message and exit code 1."""
    try:
        app()
    except TerraformError as error:
        sys.exit(f"{error.output}\n{error}")
    except (
        demos.NoDemoError, NotStartedError, runs.NotSentError, runs.NoRunError, PackageError,
    ) as error:  # fmt: skip
        sys.exit(str(error))


if __name__ == "__main__":
    main()
