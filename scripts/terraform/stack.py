"""A system in an environment: where its code, settings, state and plans lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.environments import Environment, NotRunningError, lasting_estate
from scripts.files import ROOT
from scripts.terraform.errors import TerraformError

if TYPE_CHECKING:
    from scripts.local_estate.estate import Estate


@dataclass(frozen=True)
class Stack:
    """One system in one environment, as Terraform is to see it.

    Attributes:
        env: local, dev or prd.
        name: A folder of terraform/stacks.
        var_files: Further settings, as .tfvars or .tfvars.json.
        variables: Process variables in addition to ours, such as AWS_ENDPOINT_URL.
        home: Where data and plans are kept; an estate's folder keeps it apart from others.
        log: File that takes what Terraform prints; None lets it through.
        root: The repository.
    """

    env: Environment
    name: str
    var_files: Sequence[Path] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    home: Path | None = None
    log: Path | None = None
    root: Path = ROOT

    @property
    def folder(self) -> Path:
        return self.root / "terraform" / "stacks" / self.name

    @property
    def data(self) -> Path:
        home = self.home or self.root / ".local"
        return home.resolve() / "terraform" / f"{self.env}-{self.name}"

    @property
    def plan_file(self) -> Path:
        plans = self.home or self.root / "build"
        return plans.resolve() / "plans" / f"{self.env}-{self.name}.tfplan"

    @property
    def plan_inputs(self) -> Path:
        return self.plan_file.with_suffix(".inputs")

    @property
    def backend(self) -> Path:
        return self.root / "terraform" / "environments" / f"{self.env}.tfbackend"

    def settings(self) -> list[Path]:
        """Return the files with settings, in the order in which they are read."""
        own = [
            self.root / "terraform" / "environments" / f"{self.env}.tfvars",
            self.folder / f"{self.env}.tfvars",
        ]
        return [*own, *(path.resolve() for path in self.var_files)]


def require(stack: Stack) -> None:
    """Make sure that there is such a stack.

    Raises:
        TerraformError: There is none; the message names those there are.
    """
    if not any(stack.folder.glob("*.tf")):
        known = sorted(path.name for path in stack.folder.parent.glob("*/"))
        raise TerraformError(f"no stack {stack.name}. There are: {', '.join(known)}")


def stack_of(env: Environment, name: str) -> Stack:
    """Return a stack as a person means it: `local` is the estate that `make up` started.

    Raises:
        NotRunningError: `local`, and nothing runs, or something without this stack.
    """
    if env is not Environment.LOCAL:
        return Stack(env, name)
    running = lasting_estate(name)
    if not running.terraform_settings(name).is_file():
        raise NotRunningError(f"{name} isn't part of what runs: `make up STACK={name}` adds it")
    return on_estate(name, running)


def on_estate(name: str, running: Estate, log: Path | None = None) -> Stack:
    """Return a stack as it is applied to a running estate, with its files in the estate's folder.

    Args:
        name: A folder of terraform/stacks.
        running: The estate.
        log: File that takes what Terraform prints; None lets it through.
    """
    settings = [running.terraform_settings(name)]
    variables = running.environment()
    return Stack(Environment.LOCAL, name, settings, variables, home=running.home, log=log)
