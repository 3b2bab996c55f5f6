"""`python -m scripts.efs_autoscaler release-mount-targets --env …`: see the Makefile."""

from __future__ import annotations

import sys
from typing import Annotated

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from scripts import terraform
from scripts.efs_autoscaler import release
from scripts.environments import Environment, NotRunningError, enter
from scripts.terraform import TerraformError

STACK = "efs-autoscaler"

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False, soft_wrap=True)


@app.callback()
def explain() -> None:
    """Mount targets of efs-autoscaler."""


@app.command()
def release_mount_targets(
    env: Annotated[Environment, typer.Option("--env", help="local, dev or prd")],
) -> None:
    """Delete the mount targets that Terraform doesn't know, so that it can destroy the rest."""
    enter(env)
    known = release.known(terraform.outputs(terraform.stack_of(env, STACK)))
    release.stop_schedule(boto3.client("events"), known.schedule_rules, console.print)
    deleted = release.release(
        boto3.client("efs"), known.file_system_id, known.mount_target_ids, console.print
    )
    kept = len(known.mount_target_ids)
    console.print(
        f"{known.file_system_id}: {deleted} deleted, Terraform's {kept} kept. Now it can be "
        f"destroyed: python -m scripts.terraform destroy --env {env} --stack {STACK}"
    )


def main() -> None:
    """Run the command; what went wrong is one line, and the exit code is 1."""
    try:
        app()
    except (NotRunningError, TerraformError, release.ReleaseError) as error:
        sys.exit(str(error))
    except (BotoCoreError, ClientError) as error:
        sys.exit(f"AWS: {error}")


if __name__ == "__main__":
    main()
