"""The scripts in the workflows, run as they stand."""

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from tests.unit.workflows.workflows import load, run

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("jq") is None,
    reason="the scripts run on GitHub's Ubuntu: they use GNU tools and jq",
)

SCOPE = load("terraform.yml")["jobs"]["scope"]
PLAN = load("terraform-stack.yml")["jobs"]["plan"]
APPLY = load("terraform-stack.yml")["jobs"]["apply"]
DISPATCH = {"EVENT": "workflow_dispatch", "REF": "refs/heads/main", "ACTION": "plan"}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A checkout with two stacks."""
    for stack in ("archive", "sync-batch"):
        (tmp_path / "terraform" / "stacks" / stack).mkdir(parents=True)
    return tmp_path


def scope(repository: Path, variables: dict[str, str]) -> tuple[dict[str, str], str]:
    """Return the outputs of the job `scope`, and what it printed; no outputs if it failed."""
    output = repository / "output"
    done = run(SCOPE, "GITHUB_OUTPUT", {**variables, "GITHUB_OUTPUT": str(output)}, repository)
    if done.returncode != 0:
        return {}, done.stdout
    lines = output.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines), done.stdout


def test_a_pull_request_plans_every_stack_everywhere(repository: Path) -> None:
    outputs, _ = scope(repository, {"EVENT": "pull_request", "REF": "refs/pull/1/merge"})
    assert outputs["action"] == "plan"
    assert json.loads(outputs["environments"]) == ["dev", "prd"]
    assert json.loads(outputs["stacks"]) == ["archive", "sync-batch"]


def test_a_push_applies_every_stack_everywhere(repository: Path) -> None:
    outputs, _ = scope(repository, {"EVENT": "push", "REF": "refs/heads/main"})
    assert outputs["action"] == "apply"
    assert json.loads(outputs["environments"]) == ["dev", "prd"]
    assert json.loads(outputs["stacks"]) == ["archive", "sync-batch"]


@pytest.mark.parametrize(
    ("stack", "expected"),
    [("all", ["archive", "sync-batch"]), ("sync-batch", ["sync-batch"])],
)
def test_a_person_chooses(repository: Path, stack: str, expected: list[str]) -> None:
    chosen = {**DISPATCH, "ENVIRONMENT": "prd", "ACTION": "apply", "STACK": stack}
    outputs, _ = scope(repository, chosen)
    assert outputs["action"] == "apply"
    assert json.loads(outputs["environments"]) == ["prd"]
    assert json.loads(outputs["stacks"]) == expected


@pytest.mark.parametrize(
    "stack", ["sync", "", ".*", "-v", "../modules", "$(touch hacked)", "all; touch hacked"]
)
def test_what_is_no_stack_is_refused_and_never_run(repository: Path, stack: str) -> None:
    outputs, printed = scope(repository, {**DISPATCH, "ENVIRONMENT": "dev", "STACK": stack})
    assert outputs == {}
    assert "::error::There is no such stack. Write all, or one of: archive, sync-batch" in printed
    assert not (repository / "hacked").exists()


def test_a_branch_is_planned_by_its_pull_request(repository: Path) -> None:
    branch = {**DISPATCH, "REF": "refs/heads/try", "ENVIRONMENT": "dev", "STACK": "all"}
    outputs, printed = scope(repository, branch)
    assert outputs == {}
    assert "::error::Run this from main" in printed


@pytest.mark.parametrize(("account", "code"), [("123456789012", 0), ("", 1), ("1234", 1)])
def test_an_account_that_is_not_set_is_named(tmp_path: Path, account: str, code: int) -> None:
    done = run(PLAN, "::error::Set", {"ACCOUNT": account, "ENVIRONMENT": "prd"}, tmp_path)
    assert done.returncode == code
    assert ("AWS_ACCOUNT_ID_PRD" in done.stdout) == bool(code)


@pytest.fixture
def planned(repository: Path) -> Path:
    """A checkout after `make plan`, with a terraform that shows what `shown` holds."""
    for name in ("plans/dev-archive.tfplan", "plans/dev-archive.inputs", "aws/archive.zip"):
        file = repository / "build" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    terraform = repository / "bin" / "terraform"
    terraform.parent.mkdir()
    terraform.write_text('#!/bin/sh\ncat "shown/$3" || exit 1\n')
    terraform.chmod(0o755)
    (repository / "shown").mkdir()
    (repository / "shown" / "-no-color").write_text("1 to add\n")
    (repository / "shown" / "-json").write_text('{"applyable": true}')
    return repository


def show(planned: Path) -> int:
    """Run the step that shows the plan and return its exit code."""
    done = run(
        PLAN,
        "GITHUB_STEP_SUMMARY",
        {
            "PATH": f"{planned / 'bin'}:{os.environ['PATH']}",
            "ENVIRONMENT": "dev",
            "STACK": "archive",
            "RUNNER_TEMP": str(planned),
            "GITHUB_OUTPUT": str(planned / "output"),
            "GITHUB_STEP_SUMMARY": str(planned / "summary.md"),
        },
        planned,
    )
    return done.returncode


def test_the_plan_is_shown_and_its_files_are_noted(planned: Path) -> None:
    assert show(planned) == 0
    assert (planned / "summary.md").read_text() == (
        "### archive in dev\n````terraform\n1 to add\n````\n"
    )
    output = (planned / "output").read_text()
    assert output.startswith("changes=true\n")
    for name in ("plans/dev-archive.tfplan", "plans/dev-archive.inputs", "aws/archive.zip"):
        assert f"{hashlib.sha256(name.encode()).hexdigest()}  build/{name}\n" in output


@pytest.mark.parametrize("broken", ["-no-color", "-json"])
def test_a_plan_that_cannot_be_read_stops_everything(planned: Path, broken: str) -> None:
    (planned / "shown" / broken).unlink()
    assert show(planned) != 0


def checked(planned: Path) -> int:
    """Note the files of a plan, and return the exit code of the check before an apply."""
    sums = (planned / "output").read_text().split("end-of-checksums\n")[1]
    return run(APPLY, "sha256sum --check", {"CHECKSUMS": sums.strip()}, planned).returncode


def test_the_plan_and_zips_that_were_noted_pass(planned: Path) -> None:
    show(planned)
    assert checked(planned) == 0


@pytest.mark.parametrize("name", ["plans/dev-archive.tfplan", "aws/archive.zip"])
def test_another_plan_or_zip_is_not_applied(planned: Path, name: str) -> None:
    show(planned)
    (planned / "build" / name).write_text("something else")
    assert checked(planned) != 0


def test_a_plan_without_checksums_is_not_applied(planned: Path) -> None:
    assert run(APPLY, "sha256sum --check", {"CHECKSUMS": ""}, planned).returncode != 0
