"""The commands: `python -m scripts.terraform plan --env … --stack …`."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Annotated

import typer

from scripts import terraform
from scripts.environments import Environment, NotRunningError
from scripts.files import ROOT
from scripts.terraform import TerraformError, program

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Env = Annotated[Environment, typer.Option("--env", help="local, dev or prd.")]
Name = Annotated[str, typer.Option("--stack", help="A folder of terraform/stacks.")]


@app.command("init")
def _init(env: Env, stack: Name) -> None:
    """Get providers and connect the state."""
    terraform.init(terraform.stack_of(env, stack))


@app.command("plan")
def _plan(env: Env, stack: Name) -> None:
    """Show what would change, and save that plan."""
    terraform.plan(terraform.stack_of(env, stack))


@app.command("apply")
def _apply(env: Env, stack: Name) -> None:
    """Apply the saved plan."""
    terraform.apply(terraform.stack_of(env, stack))


@app.command("destroy")
def _destroy(env: Env, stack: Name) -> None:
    """Destroy everything in the stack."""
    terraform.destroy(terraform.stack_of(env, stack))


@app.command("output")
def _output(env: Env, stack: Name) -> None:
    """Print the outputs as JSON."""
    print(
        json.dumps(terraform.outputs(terraform.stack_of(env, stack)), indent=2, ensure_ascii=False)
    )


@app.command("fmt")
def _fmt() -> None:
    """Format every file."""
    done = subprocess.run([program.path(), "fmt", "-recursive", ROOT / "terraform"], check=False)
    raise typer.Exit(done.returncode)


def main() -> None:
    """Run one command; explain failures on stderr, with Terraform's own exit code."""
    try:
        app()
    except (TerraformError, NotRunningError) as error:
        print(f"terraform: {error}", file=sys.stderr)
        sys.exit(error.exit_code if isinstance(error, TerraformError) else 1)
