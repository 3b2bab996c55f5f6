"""From nothing to a stack that is applied to a running estate, step by step."""

from __future__ import annotations

from pathlib import Path

from scripts import package, terraform
from scripts.environments import Environment
from scripts.local_estate import estate
from scripts.local_estate.steps import step


def deploy(stack: str, home: Path) -> estate.Estate:
    """Build the zips, start the estate, apply the stack with Terraform.

    Args:
        stack: a folder of terraform/stacks.
        home: folder of the estate; what Terraform prints goes to terraform.log in it.

    Raises:
        TerraformError: there is no such stack, and what runs goes on; or it could not be applied,
            and nothing is left running.
        PackageError: a zip can't be built.
        NotStartedError: a server did not start.
    """
    terraform.require(terraform.Stack(Environment.LOCAL, stack))
    with step("build the zips of functions and layers"):
        package.build(package.Platform.LOCAL, stack, echo=False)
    with step("start AWS, YouTube and PostgreSQL on loopback"):
        running = estate.start(home)
    try:
        wanted = stack_of(stack, running)
        with step(f"terraform init and plan {stack}"):
            terraform.plan(wanted)
        with step("terraform apply (SQS alone makes the provider wait 25 s)"):
            terraform.apply(wanted)
    except BaseException:
        estate.stop(home)
        raise
    return running


def stack_of(stack: str, running: estate.Estate) -> terraform.Stack:
    """The stack as it is applied to a running estate; what Terraform prints goes to its log."""
    return terraform.on_estate(stack, running, log=running.home / "terraform.log")
