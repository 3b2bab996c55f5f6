"""Initialise, plan, apply and destroy a stack; a plan is saved, and that plan is applied."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scripts.environments import Environment
from scripts.terraform import program
from scripts.terraform.errors import TerraformError
from scripts.terraform.inputs import code_fingerprint, fingerprint
from scripts.terraform.stack import Stack, require

_CHANGES = 2  # exit code of `terraform plan -detailed-exitcode`
_STALE = "Saved plan is stale"


def init(stack: Stack) -> None:
    """Get the providers, as locked, and connect the state.

    Raises:
        TerraformError: There is no such stack, or a provider is not the one that is locked.
    """
    require(stack)
    program.run(
        stack,
        "init",
        "-input=false",
        "-lockfile=readonly",
        "-reconfigure",
        f"-backend-config={stack.backend}",
        f"-backend-config=key={stack.env}/{stack.name}.tfstate",
    )
    _initialised(stack).write_text(code_fingerprint(stack))


def plan(stack: Stack) -> bool:
    """Save a plan and tell whether it changes anything."""
    _ensure_init(stack)
    stack.plan_file.parent.mkdir(parents=True, exist_ok=True)
    _forget_plan(stack)
    inputs = fingerprint(stack)
    code = program.run(
        stack,
        "plan",
        "-input=false",
        "-lock-timeout=5m",
        "-detailed-exitcode",
        f"-out={stack.plan_file}",
        *_settings(stack),
        accepted=(0, _CHANGES),
    )
    stack.plan_inputs.write_text(inputs)
    return code == _CHANGES


def apply(stack: Stack) -> None:
    """Apply the saved plan; `local` makes one where there is none that still holds.

    Raises:
        TerraformError: Terraform failed; or, in dev and prd, no plan is saved or what it was
            made from has changed since: the message says what to do.
    """
    reason = _why_not(stack)
    if reason is None:
        _ensure_init(stack)
        reason = _apply_saved(stack)
    if reason is None:
        return
    if stack.env is not Environment.LOCAL:
        raise TerraformError(
            f"nothing was applied: {reason}. "
            f"Run `make plan ENV={stack.env} STACK={stack.name}`, review it, and apply again"
        )
    program.say(stack, f"{reason}: planning first")
    plan(stack)
    reason = _apply_saved(stack)
    if reason:
        raise TerraformError(f"nothing was applied: {reason}, twice in a row. Who else applies?")


def destroy(stack: Stack) -> None:
    """Destroy everything in the stack; in dev and prd Terraform asks first."""
    _ensure_init(stack)
    unasked = ["-auto-approve"] if stack.env is Environment.LOCAL else []
    _forget_plan(stack)
    program.run(stack, "destroy", *unasked, *_settings(stack))


def outputs(stack: Stack) -> dict[str, Any]:
    """Return the stack's outputs by name."""
    _ensure_init(stack)
    return program.outputs(stack)


def _initialised(stack: Stack) -> Path:
    """Return the file that says for which code the data folder was initialised."""
    return stack.data / "initialised.sha256"


def _ensure_init(stack: Stack) -> None:
    """Initialise unless that was done for this very code: it takes seconds each time."""
    done = _initialised(stack)
    if not done.is_file() or done.read_text() != code_fingerprint(stack):
        init(stack)


def _why_not(stack: Stack) -> str | None:
    """Return why the saved plan cannot be applied, as far as it can be told without AWS."""
    if not stack.plan_file.is_file():
        return "no plan is saved"
    if not stack.plan_inputs.is_file() or stack.plan_inputs.read_text() != fingerprint(stack):
        return "code, settings or zips have changed since the saved plan was made"
    return None


def _apply_saved(stack: Stack) -> str | None:
    """Apply the saved plan, once; return why where it no longer fits the state."""
    try:
        program.run(stack, "apply", "-input=false", "-lock-timeout=5m", str(stack.plan_file))
    except TerraformError as error:
        if _STALE not in error.output:
            raise
        return "the state has changed since the saved plan was made"
    finally:
        _forget_plan(stack)
    return None


def _forget_plan(stack: Stack) -> None:
    """Remove the saved plan: it may hold secrets, and is good for one attempt."""
    stack.plan_file.unlink(missing_ok=True)
    stack.plan_inputs.unlink(missing_ok=True)


def _settings(stack: Stack) -> list[str]:
    var_files = [f"-var-file={path}" for path in stack.settings() if path.is_file()]
    return [*var_files, f"-var=environment={stack.env}"]
