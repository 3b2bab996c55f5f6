"""Terraform's own program, started for a stack."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from scripts.environments import Environment
from scripts.setup import providers
from scripts.setup import terraform as program
from scripts.setup.console import SetupError
from scripts.terraform.errors import TerraformError
from scripts.terraform.stack import Stack


def run(stack: Stack, action: str, *arguments: str, accepted: Sequence[int] = (0,)) -> int:
    """Run Terraform and let its output through as it comes, errors also into the exception."""
    plain = [] if stack.log is None and sys.stdout.isatty() else ["-no-color"]
    command = [*_terraform(stack), action, *plain, *arguments]
    with ExitStack() as closing:
        log = closing.enter_context(stack.log.open("a")) if stack.log else None
        process = closing.enter_context(
            subprocess.Popen(
                command, env=_environment(stack), stdout=log, stderr=subprocess.PIPE, text=True
            )
        )
        errors = []
        for line in process.stderr or ():
            errors.append(line)
            print(line, end="", file=log or sys.stderr, flush=True)
    if process.returncode not in accepted:
        raise TerraformError(
            f"terraform {action} of {stack.name} in {stack.env} failed"
            + (f", see {stack.log}" if stack.log else ""),
            exit_code=process.returncode,
            output="".join(errors),
        )
    return process.returncode


def outputs(stack: Stack) -> dict[str, Any]:
    """Return the stack's outputs by name."""
    done = subprocess.run(
        [*_terraform(stack), "output", "-json"],
        env=_environment(stack), check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode != 0:
        raise TerraformError(f"terraform output failed: {done.stderr}", output=done.stderr)
    return {name: value["value"] for name, value in json.loads(done.stdout).items()}


def path() -> Path:
    """Return the program.

    Raises:
        TerraformError: It is missing, or its version isn't the one that is wanted.
    """
    try:
        return program.require()
    except SetupError as error:
        raise TerraformError(str(error)) from error


def say(stack: Stack, message: str) -> None:
    """Tell a person, unless what Terraform prints goes to a log."""
    if stack.log is None:
        print(f"terraform: {message}", flush=True)


def _terraform(stack: Stack) -> list[str]:
    return [str(path()), f"-chdir={stack.folder}"]


def _environment(stack: Stack) -> dict[str, str]:
    env = providers.environment(os.environ)
    if stack.env is Environment.LOCAL:
        # Nothing of a person's own account may reach, or mislead, the local one.
        env = {name: value for name, value in env.items() if not name.startswith("AWS_")}
    return {**env, **stack.variables, "TF_DATA_DIR": str(stack.data)}
