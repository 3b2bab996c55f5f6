"""From nothing to a stack that is applied to a running estate, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts import package, terraform
from scripts.environments import Environment
from scripts.local_estate import estate, systems
from scripts.local_estate.estate import Estate
from scripts.local_estate.steps import step


@dataclass(frozen=True)
class Deployed:
    """A stack that is applied to a running estate.

    Attributes:
        estate: where it runs.
        stack: what Terraform is told; what it prints goes to terraform.log in the estate's folder.
        outputs: of the stack.
        advice: what a person may try.
    """

    estate: Estate
    stack: terraform.Stack
    outputs: dict[str, Any]
    advice: str


def deploy(stack: str, home: Path) -> Deployed:
    """Build the packages, start the estate or join the one that runs, apply the stack.

    Args:
        stack: a folder of terraform/stacks.
        home: folder of the estate.

    Raises:
        TerraformError: there is no such stack, or it could not be applied.
        PackageError: a package can't be built.
        NotStartedError: a server did not start.
        Whatever it is: what ran before goes on, and what was started for this is stopped again.
    """
    terraform.require(terraform.Stack(Environment.LOCAL, stack))
    with step(f"build what {stack} runs"):
        package.build(package.Platform.LOCAL, stack, echo=False)
    if joined := estate.running(home):
        return _apply(stack, joined)
    with step("start AWS and PostgreSQL on loopback"):
        started = estate.start(home)
    try:
        return _apply(stack, started)
    except BaseException:
        estate.stop(home)
        raise


def _apply(stack: str, running: Estate) -> Deployed:
    with step(f"lend {stack} what it finds in a company"):
        estate.lend(running, stack)
    wanted = terraform.on_estate(stack, running, log=running.home / "terraform.log")
    with step(f"terraform init and plan {stack}"):
        terraform.plan(wanted)
    with step("terraform apply (a queue alone makes the provider wait 25 s)"):
        terraform.apply(wanted)
    outputs = terraform.outputs(wanted)
    advice = systems.of(stack).hand_over(running, outputs)
    return Deployed(running, wanted, outputs, advice)
