"""Runs every linter and scanner: `python -m scripts.check`, one line each, two at a time.

All of them run before the result is given, and only failures show what the tool printed. What
has nothing to check is skipped, and the line says why.
"""

import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from scripts.files import ROOT
from scripts.setup import environments, providers
from scripts.setup import terraform as program
from scripts.setup.console import TOOLS, SetupError

PYTHON_CODE = "lambda layers scripts"
LOCKS = ("layers/*/requirements.txt", "requirements/*.txt")  # what runs in AWS first

_AT_ONCE = 2
_one_init = threading.Lock()  # terraform's plugin cache doesn't bear two at a time


class Verdict(StrEnum):
    """How a check ended."""

    OK = "ok"
    FAILED = "FAILED"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Outcome:
    """A verdict, and what there is to say about it: output of a failure, reason of a skip."""

    verdict: Verdict
    text: str = ""


@dataclass(frozen=True)
class Check:
    """One line of the result."""

    name: str
    work: Callable[[], Outcome]


def checks() -> list[Check]:
    """Return every check, those that take longest first."""
    return [
        *(_terraform_folder(folder) for folder in terraform_folders(ROOT / "terraform")),
        command("mypy", "mypy"),
        command("checkov", "checkov --config-file .checkov.yaml", needs="terraform"),
        command("tflint", "tflint --chdir=terraform --recursive", needs="terraform"),
        Check("pip-audit", _pip_audit),
        # What is of low severity is among ruff's S rules, where a skip carries its reason.
        # B608 is ruff's S608, which is answered where it is raised
        command("bandit", f"bandit -q --skip B608 --severity-level medium -r {PYTHON_CODE}"),
        command("ruff", "ruff check --output-format concise ."),
        command("ruff format", "ruff format --check --output-format concise ."),
        command("zizmor", "zizmor --offline --quiet .github", needs=".github"),
        command("actionlint", "actionlint", needs=".github/workflows"),
        command("hadolint", "hadolint scripts/efs_mounts/Dockerfile"),
        Check("terraform fmt", _terraform_fmt),
        command("coverage of the last `make test`", "coverage report", needs=".coverage"),
    ]


def terraform_folders(root: Path) -> list[Path]:
    """Return every folder that Terraform can be started in: modules, examples and stacks."""
    folders = {path.parent for path in root.rglob("*.tf")}
    return sorted(folder for folder in folders if not {".terraform", "tests"} & {*folder.parts})


def run(checks: Sequence[Check]) -> dict[str, Outcome]:
    """Run the checks, print a line as each one ends, and return what came of them."""
    outcomes = {}
    started = time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        running: dict[Future[tuple[Outcome, float]], Check] = {
            pool.submit(_timed, check.work): check for check in checks
        }
        for future in as_completed(running):
            check = running[future]
            outcome, seconds = future.result()
            outcomes[check.name] = outcome
            _show(check.name, outcome, seconds)
    failed = [name for name, outcome in outcomes.items() if outcome.verdict is Verdict.FAILED]
    took = time.monotonic() - started
    summary = f"failed: {', '.join(failed)}" if failed else "nothing to complain about"
    print(f"check: {len(outcomes)} checks in {took:.0f} s, {summary}", flush=True)
    return outcomes


def _timed(work: Callable[[], Outcome]) -> tuple[Outcome, float]:
    started = time.monotonic()
    outcome = work()
    return outcome, time.monotonic() - started


def _show(name: str, outcome: Outcome, seconds: float) -> None:
    reason = f": {outcome.text}" if outcome.verdict is Verdict.SKIPPED else ""
    lines = [f"{outcome.verdict:8}{seconds:5.1f} s  {name}{reason}"]
    if outcome.verdict is Verdict.FAILED:
        lines += [f"    {line}" for line in outcome.text.splitlines()]
    print("\n".join(lines), flush=True)


def command(name: str, line: str, needs: str = ".") -> Check:
    """Return a check that runs one program, unless the folder or file it `needs` is absent."""

    def work() -> Outcome:
        if not (ROOT / needs).exists():
            return Outcome(Verdict.SKIPPED, f"there is no {needs}")
        return _outcome(line.split(), _with_tools())

    return Check(name, work)


def _with_tools() -> dict[str, str]:
    """Return an environment that finds our tools: pinned ones first, built ones at last."""
    path = [
        str(Path(sys.executable).parent),
        str(environments.CHECKOV / "bin"),
        os.environ.get("PATH", ""),
        str(TOOLS / "bin"),
    ]
    config = str(ROOT / ".tflint.hcl")
    return {**os.environ, "PATH": os.pathsep.join(path), "TFLINT_CONFIG_FILE": config}


def _outcome(command: Sequence[str | Path], env: Mapping[str, str]) -> Outcome:
    found = shutil.which(command[0], path=env["PATH"])
    if found is None:
        return Outcome(Verdict.FAILED, f"{command[0]} is not installed: run `scripts/setup/run`")
    done = subprocess.run(
        [found, *command[1:]], cwd=ROOT, env=env, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    if done.returncode == 0:
        return Outcome(Verdict.OK)
    return Outcome(Verdict.FAILED, done.stdout or f"exit code {done.returncode}")


def _terraform_fmt() -> Outcome:
    code = ROOT / "terraform"
    if not code.exists():
        return Outcome(Verdict.SKIPPED, "there is no terraform")
    return _terraform(["fmt", "-check", "-diff", "-recursive", str(code)], {})


def _terraform(arguments: Sequence[str], variables: Mapping[str, str]) -> Outcome:
    try:
        found = program.require()
    except SetupError as error:
        return Outcome(Verdict.FAILED, str(error))
    return _outcome([found, *arguments], {**providers.environment(os.environ), **variables})


def _terraform_folder(folder: Path) -> Check:
    """Return a check that validates a folder and runs the tests it has."""
    name = folder.relative_to(ROOT).as_posix()
    # Modules and examples have no lock file of their own: what init writes there is not kept.
    locked = "stacks" in folder.parts or folder.name == "bootstrap"
    tests = any(folder.glob("tests/*.tftest.hcl"))

    def work() -> Outcome:
        variables = {
            "TF_DATA_DIR": str(ROOT / ".local" / "check" / name.replace("/", "-")),
            # Let modules, which have no lock, use the cache that saves each its 150 MB.
            "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1",
        }
        init = ["init", "-backend=false", "-input=false"]
        with _one_init:
            if locked:
                init.append("-lockfile=readonly")
            else:
                (folder / ".terraform.lock.hcl").unlink(missing_ok=True)
            outcome = _terraform([f"-chdir={folder}", *init], variables)
        for action in ("validate", "test") if tests else ("validate",):
            if outcome.verdict is Verdict.OK:
                outcome = _terraform([f"-chdir={folder}", action, "-no-color"], variables)
        return outcome

    return Check(f"terraform {'test' if tests else 'validate'} {name}", work)


def _pip_audit() -> Outcome:
    """Look for known vulnerabilities in what is locked, as far as the registry knows them.

    A registry without vulnerability data answers for no package at all. pip-audit calls that
    "no known vulnerabilities found"; here it counts as skipped.
    """
    system = ssl.get_default_verify_paths()
    bundle = system.cafile or system.capath or ""  # instead of one in a package
    env = {"REQUESTS_CA_BUNDLE": bundle, **os.environ}
    options = ["--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    found: list[str] = []
    for lock in [path for pattern in LOCKS for path in sorted(ROOT.glob(pattern))]:
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", *options, "--requirement", lock],
            cwd=ROOT, env=env, check=False, capture_output=True, text=True,
        )  # fmt: skip
        try:
            packages = json.loads(done.stdout)["dependencies"]
        except ValueError:
            said = (done.stderr.strip() or "nothing").splitlines()[-1]
            silent = said.startswith("requests.exceptions.")
            return Outcome(
                Verdict.SKIPPED if silent else Verdict.FAILED, f"pip-audit answers: {said}"
            )
        if packages and all("skip_reason" in package for package in packages):
            return Outcome(Verdict.SKIPPED, "this registry has no vulnerability data")
        found += vulnerabilities(lock.relative_to(ROOT), packages)
    return Outcome(Verdict.FAILED if found else Verdict.OK, "\n".join(found))


def vulnerabilities(lock: Path, packages: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a line for each vulnerability that pip-audit lists for the packages of a lock."""
    return [
        f"{lock}: {package['name']} {package['version']} has {vulnerability['id']}, "
        f"fixed in {', '.join(vulnerability['fix_versions']) or 'no version yet'}"
        for package in packages
        for vulnerability in package.get("vulns", ())
    ]


def main() -> int:
    outcomes = run(checks())
    return int(any(outcome.verdict is Verdict.FAILED for outcome in outcomes.values()))


if __name__ == "__main__":
    sys.exit(main())
