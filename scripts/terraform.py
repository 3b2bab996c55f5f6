"""Terraform with the right backend, settings and plan: `python -m scripts.terraform plan …`.

A stack's state lies in the bucket that `terraform/environments/<env>.tfbackend` names, under
`<env>/<stack>.tfstate`. Its settings are, later ones winning: `environments/<env>.tfvars`,
`stacks/<stack>/<env>.tfvars`, and what the caller adds (for `local`: the running estate's own).

A plan is saved, and that plan is what is applied. It counts as reviewed only as long as nothing
it was made from has changed: code, settings, zips (by a fingerprint beside it) and state (by
Terraform itself). Then `local` plans anew, dev and prd refuse.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scripts import files, package
from scripts.environments import Environment, NotRunningError, lasting_estate
from scripts.files import ROOT
from scripts.setup import providers
from scripts.setup import terraform as program
from scripts.setup.console import SetupError

if TYPE_CHECKING:
    from scripts.local_estate.estate import Estate

_CHANGES = 2  # exit code of `terraform plan -detailed-exitcode`
_STALE = "Saved plan is stale"


class TerraformError(Exception):
    """Terraform cannot be started as asked, or failed.

    Attributes:
        exit_code: Terraform's own, or 1.
        output: What Terraform wrote to stderr; empty where it was not started.
    """

    def __init__(self, message: str, *, exit_code: int = 1, output: str = "") -> None:
        super().__init__(message)
        self.exit_code = exit_code
        self.output = output


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


def init(stack: Stack) -> None:
    """Get the providers, as locked, and connect the state.

    Raises:
        TerraformError: There is no such stack, or a provider is not the one that is locked.
    """
    require(stack)
    _run(
        stack,
        "init",
        "-input=false",
        "-lockfile=readonly",
        "-reconfigure",
        f"-backend-config={stack.backend}",
        f"-backend-config=key={stack.env}/{stack.name}.tfstate",
    )
    _initialised(stack).write_text(_code_fingerprint(stack))


def plan(stack: Stack) -> bool:
    """Save a plan and tell whether it changes anything."""
    _ensure_init(stack)
    stack.plan_file.parent.mkdir(parents=True, exist_ok=True)
    _forget_plan(stack)
    inputs = fingerprint(stack)
    code = _run(
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
    _say(stack, f"{reason}: planning first")
    plan(stack)
    reason = _apply_saved(stack)
    if reason:
        raise TerraformError(f"nothing was applied: {reason}, twice in a row. Who else applies?")


def destroy(stack: Stack) -> None:
    """Destroy everything in the stack; in dev and prd Terraform asks first."""
    _ensure_init(stack)
    unasked = ["-auto-approve"] if stack.env is Environment.LOCAL else []
    _forget_plan(stack)
    _run(stack, "destroy", *unasked, *_settings(stack))


def outputs(stack: Stack) -> dict[str, Any]:
    """Return the stack's outputs by name."""
    _ensure_init(stack)
    done = subprocess.run(
        [*_terraform(stack), "output", "-json"],
        env=_environment(stack), check=False, capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode != 0:
        raise TerraformError(f"terraform output failed: {done.stderr}", output=done.stderr)
    return {name: value["value"] for name, value in json.loads(done.stdout).items()}


def fingerprint(stack: Stack) -> str:
    """Return one SHA-256 of all a plan is made from, except the state."""
    return _fingerprint(stack, [*_code(stack), *_zips(stack), *stack.settings()])


def _initialised(stack: Stack) -> Path:
    """Return the file that says for which code the data folder was initialised."""
    return stack.data / "initialised.sha256"


def _code_fingerprint(stack: Stack) -> str:
    return _fingerprint(stack, [*_code(stack), stack.backend])


def _ensure_init(stack: Stack) -> None:
    """Initialise unless that was done for this very code: it takes seconds each time."""
    done = _initialised(stack)
    if not done.is_file() or done.read_text() != _code_fingerprint(stack):
        init(stack)


def _code(stack: Stack) -> list[Path]:
    """Return every file of the stack and of the modules, whatever code may read it."""
    modules = stack.root / "terraform" / "modules"
    unread = {".terraform", "tests", "examples"}
    return sorted(
        path
        for folder in (stack.folder, modules)
        for path in folder.rglob("*")
        if not unread & {*path.relative_to(folder).parts}
        and path.suffix != ".md"
        # Only a stack's lock counts; `make check` leaves one in each module.
        and (folder == stack.folder or path.name != ".terraform.lock.hcl")
    )


def _zips(stack: Stack) -> list[Path]:
    """Return the zips that were built for the stack."""
    platform = "local" if stack.env is Environment.LOCAL else "aws"
    built = {path.stem: path for path in (stack.root / "build" / platform).glob("*.zip")}
    return [built[name] for name in package.parts(stack.name, sorted(built))]


def _fingerprint(stack: Stack, paths: Sequence[Path]) -> str:
    """Return one SHA-256 of files, by place and content; those that don't exist don't count."""
    inputs: list[str | bytes] = []
    for path in filter(Path.is_file, paths):
        inside = path.is_relative_to(stack.root)
        inputs += [str(path.relative_to(stack.root)) if inside else path.name, path.read_bytes()]
    return files.fingerprint(*inputs)


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
        _run(stack, "apply", "-input=false", "-lock-timeout=5m", str(stack.plan_file))
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


def _terraform(stack: Stack) -> list[str]:
    return [str(_program()), f"-chdir={stack.folder}"]


def _program() -> Path:
    try:
        return program.require()
    except SetupError as error:
        raise TerraformError(str(error)) from error


def _environment(stack: Stack) -> dict[str, str]:
    env = providers.environment(os.environ)
    if stack.env is Environment.LOCAL:
        # Nothing of a person's own account may reach, or mislead, the local one.
        env = {name: value for name, value in env.items() if not name.startswith("AWS_")}
    return {**env, **stack.variables, "TF_DATA_DIR": str(stack.data)}


def _run(stack: Stack, action: str, *arguments: str, accepted: Sequence[int] = (0,)) -> int:
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


def _say(stack: Stack, message: str) -> None:
    if stack.log is None:
        print(f"terraform: {message}", flush=True)


app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)

Env = Annotated[Environment, typer.Option("--env", help="local, dev or prd.")]
Name = Annotated[str, typer.Option("--stack", help="A folder of terraform/stacks.")]


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


def on_estate(name: str, running: "Estate", log: Path | None = None) -> Stack:
    """Return a stack as it is applied to a running estate, with its files in the estate's folder.

    Args:
        name: A folder of terraform/stacks.
        running: The estate.
        log: File that takes what Terraform prints; None lets it through.
    """
    settings = [running.terraform_settings(name)]
    variables = running.environment()
    return Stack(Environment.LOCAL, name, settings, variables, home=running.home, log=log)


@app.command("init")
def _init(env: Env, stack: Name) -> None:
    """Get providers and connect the state."""
    init(stack_of(env, stack))


@app.command("plan")
def _plan(env: Env, stack: Name) -> None:
    """Show what would change, and save that plan."""
    plan(stack_of(env, stack))


@app.command("apply")
def _apply(env: Env, stack: Name) -> None:
    """Apply the saved plan."""
    apply(stack_of(env, stack))


@app.command("destroy")
def _destroy(env: Env, stack: Name) -> None:
    """Destroy everything in the stack."""
    destroy(stack_of(env, stack))


@app.command("output")
def _output(env: Env, stack: Name) -> None:
    """Print the outputs as JSON."""
    print(json.dumps(outputs(stack_of(env, stack)), indent=2, ensure_ascii=False))


@app.command("fmt")
def _fmt() -> None:
    """Format every file."""
    done = subprocess.run([_program(), "fmt", "-recursive", ROOT / "terraform"], check=False)
    raise typer.Exit(done.returncode)


def main() -> None:
    """Run one command; explain failures on stderr, with Terraform's own exit code."""
    try:
        app()
    except (TerraformError, NotRunningError) as error:
        print(f"terraform: {error}", file=sys.stderr)
        sys.exit(error.exit_code if isinstance(error, TerraformError) else 1)


if __name__ == "__main__":
    main()
