"""What people and AWS rely on: inputs, pins, permissions, who may become which role."""

import re

import pytest
import yaml

from scripts.setup import checkers
from scripts.setup import terraform as program
from tests.unit.workflows.workflows import FOLDER, JOBS, NAMES, ROOT, load, position, steps

SOURCES = {
    path.relative_to(ROOT).as_posix(): path.read_text()
    for path in [*FOLDER.glob("*.yml"), *(ROOT / ".github" / "actions").glob("*/action.yml")]
}
STACK_JOBS = load("terraform-stack.yml")["jobs"]


def test_the_documented_command_needs_no_further_input() -> None:
    """`gh workflow run terraform.yml --field environment=prd --field action=plan`."""
    inputs = load("terraform.yml")["on"]["workflow_dispatch"]["inputs"]
    assert {name for name, spec in inputs.items() if "default" not in spec} == {"environment"}
    assert inputs["environment"]["options"] == ["dev", "prd"]
    assert inputs["action"]["options"] == ["plan", "apply"]
    assert inputs["action"]["default"] == "plan"
    assert inputs["stack"]["default"] == "all"


def test_terraform_runs_for_pull_requests_and_main() -> None:
    triggers = load("terraform.yml")["on"]
    assert triggers.keys() == {"workflow_dispatch", "pull_request", "push"}
    assert triggers["push"] == {"branches": ["main"]}


@pytest.mark.parametrize("name", NAMES)
def test_no_workflow_runs_code_of_strangers_with_our_rights(name: str) -> None:
    assert not {"pull_request_target", "workflow_run"} & load(name)["on"].keys()


@pytest.mark.parametrize("name", SOURCES)
def test_actions_are_pinned_by_commit_and_say_their_version(name: str) -> None:
    used = re.findall(r"uses: (.+)", SOURCES[name])
    assert used
    for action in used:
        assert re.fullmatch(r"\./\S+|[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


def test_an_action_has_one_version_everywhere() -> None:
    pins = {
        match.groups()
        for source in SOURCES.values()
        for match in re.finditer(r"uses: ([\w-]+/[\w-]+)@(\S+) # (\S+)", source)
    }
    assert len(pins) == len({action for action, *_ in pins})


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_permitted_by_default(name: str) -> None:
    assert load(name)["permissions"] == {}


@pytest.mark.parametrize("name", JOBS)
def test_jobs_may_read_the_code_and_prove_who_they_are(name: str) -> None:
    job = JOBS[name]
    to_aws = "terraform-stack.yml" in name or "terraform-stack.yml" in job.get("uses", "")
    permitted = {"contents": "read", **({"id-token": "write"} if to_aws else {})}
    assert job.get("permissions", {}).items() <= permitted.items()


@pytest.mark.parametrize("name", JOBS)
def test_checkouts_leave_no_token_behind(name: str) -> None:
    for step in steps(JOBS[name]):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("name", JOBS)
def test_scripts_take_values_from_variables_only(name: str) -> None:
    """An expression in a script would be pasted into it, whatever it holds."""
    for step in steps(JOBS[name]):
        assert "${{" not in step.get("run", "")


@pytest.mark.parametrize("name", JOBS)
def test_a_role_is_given_to_jobs_of_its_own_environment_only(name: str) -> None:
    job = JOBS[name]
    roles = [
        step["with"]["role-to-assume"]
        for step in steps(job)
        if "configure-aws-credentials" in step.get("uses", "")
    ]
    environments = {"plan": "${{ inputs.environment }}-plan", "apply": "${{ inputs.environment }}"}
    expected = {environments[role.rpartition("-")[2]] for role in roles}
    assert {job[key] for key in ("environment",) if key in job} == expected


def test_roles_are_those_of_the_bootstrap() -> None:
    for job_id, job in STACK_JOBS.items():
        role = steps(job)[position(job, "configure-aws-credentials")]["with"]["role-to-assume"]
        account = "arn:aws:iam::${{ env.ACCOUNT }}:role"
        assert role == f"{account}/batchworks-${{{{ inputs.environment }}}}-{job_id}"


def test_a_fork_gets_no_credentials() -> None:
    """Every job that gets any waits for `scope`, which a fork's pull request skips."""
    terraform = load("terraform.yml")["jobs"]
    assert "head.repo.full_name == github.repository" in terraform["scope"]["if"]
    for name in ("plan", "dev", "prd"):
        assert "scope" in terraform[name]["needs"]
        assert "needs.scope.outputs.action ==" in terraform[name]["if"]


def test_prd_follows_dev() -> None:
    prd = load("terraform.yml")["jobs"]["prd"]
    assert "dev" in prd["needs"]
    assert "!failure() && !cancelled()" in prd["if"]


def test_one_apply_at_a_time_for_each_environment_and_stack() -> None:
    assert STACK_JOBS["apply"]["concurrency"] == {
        "group": "apply-${{ inputs.environment }}-${{ inputs.stack }}",
        "cancel-in-progress": False,
    }


def test_nothing_that_holds_a_lock_is_killed() -> None:
    assert STACK_JOBS["plan"]["concurrency"]["cancel-in-progress"] is False


def test_credentials_come_after_everything_that_needs_none() -> None:
    plan, apply = STACK_JOBS["plan"], STACK_JOBS["apply"]
    assert position(plan, "make package") < position(plan, "configure-aws-credentials")
    assert position(apply, "make package") < position(apply, "download-artifact")
    assert position(apply, "download-artifact") < position(apply, "sha256sum --check")
    assert position(apply, "sha256sum --check") < position(apply, "configure-aws-credentials")
    assert position(apply, "configure-aws-credentials") < position(apply, "make apply")


def test_a_saved_plan_is_kept_for_days_and_only_to_be_applied() -> None:
    saved = next(
        step for step in steps(STACK_JOBS["plan"])
        if step.get("with", {}).get("name", "").startswith("saved-plan-")
    )  # fmt: skip
    assert saved["with"]["retention-days"] <= 3
    assert saved["if"].startswith("inputs.apply &&")


def test_people_and_workflows_use_the_same_versions() -> None:
    tools = yaml.safe_load((ROOT / ".github" / "actions" / "tools" / "action.yml").read_text())
    settings = {step["uses"].split("@")[0]: step["with"] for step in tools["runs"]["steps"]}
    assert settings["hashicorp/setup-terraform"]["terraform_version"] == program.PINNED
    assert (ROOT / settings["astral-sh/setup-uv"]["version-file"]).is_file()

    check = load("ci.yml")["jobs"]["check"]
    tflint = steps(check)[position(check, "setup-tflint")]["with"]["tflint_version"]
    assert checkers.PINNED["tflint"].endswith(f"@{tflint}")
