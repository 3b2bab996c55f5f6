"""The wrapper against a real Terraform and an S3 backend; resources are built-in, so it's quick."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from moto.server import ThreadedMotoServer

from scripts import terraform
from scripts.environments import Environment, NotRunningError
from scripts.files import ROOT
from scripts.local_aws import LocalAws
from scripts.local_estate import estate
from scripts.local_estate.estate import Estate
from scripts.local_estate.postgres import Postgres
from scripts.terraform import Stack, TerraformError, commands

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MAIN = """
terraform {
  backend "s3" {}
}
variable "environment" { type = string }
variable "size" { type = number }
variable "colour" { type = string }
resource "terraform_data" "thing" {
  input = "${var.environment} ${var.size} ${var.colour}"
}
output "thing" { value = terraform_data.thing.output }
"""


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def s3_of(endpoint: str) -> "S3Client":
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )


@pytest.fixture
def stack(tmp_path: Path, endpoint: str, request: pytest.FixtureRequest) -> Stack:
    """A stack of env `local` in a repository of its own, with nothing applied."""
    bucket = f"state-{abs(hash(request.node.name)) % 10**8}"
    s3_of(endpoint).create_bucket(Bucket=bucket)

    environments = tmp_path / "terraform" / "environments"
    folder = tmp_path / "terraform" / "stacks" / "thing"
    environments.mkdir(parents=True)
    folder.mkdir(parents=True)
    for env in ("local", "prd"):
        (environments / f"{env}.tfbackend").write_text(
            f'bucket = "{bucket}"\nregion = "us-east-1"\nuse_lockfile = true\n'
            "use_path_style = true\nskip_requesting_account_id = true\n"
        )
        (environments / f"{env}.tfvars").write_text('size = 1\ncolour = "shared"\n')
        (folder / f"{env}.tfvars").write_text('colour = "own"\n')
    (folder / "main.tf").write_text(MAIN)
    variables = {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
    }
    return Stack(Environment.LOCAL, "thing", variables=variables, root=tmp_path)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def in_prd(stack: Stack) -> Stack:
    return replace(stack, env=Environment.PRD)


def test_settings_override_each_other_in_order(stack: Stack, tmp_path: Path) -> None:
    more = tmp_path / "more.tfvars.json"
    more.write_text('{"size": 2}')

    terraform.apply(replace(stack, var_files=[more]))

    assert terraform.outputs(stack) == {"thing": "local 2 own"}


def test_state_lies_under_environment_and_stack(stack: Stack, endpoint: str) -> None:
    terraform.apply(stack)

    bucket = stack.backend.read_text().split('"')[1]
    keys = [found["Key"] for found in s3_of(endpoint).list_objects_v2(Bucket=bucket)["Contents"]]
    assert keys == ["local/thing.tfstate"]


def test_plan_tells_whether_it_changes_anything(stack: Stack) -> None:
    assert terraform.plan(stack) is True
    terraform.apply(stack)
    assert terraform.plan(stack) is False


def test_the_reviewed_plan_is_what_is_applied(stack: Stack) -> None:
    prd = in_prd(stack)
    terraform.plan(prd)

    terraform.apply(prd)

    assert terraform.outputs(prd) == {"thing": "prd 1 own"}
    assert not prd.plan_file.exists()


def test_production_applies_nothing_without_a_plan(stack: Stack) -> None:
    with pytest.raises(TerraformError, match=r"no plan is saved.*make plan ENV=prd STACK=thing"):
        terraform.apply(in_prd(stack))


def test_production_refuses_a_plan_made_from_something_else(stack: Stack) -> None:
    prd = in_prd(stack)
    terraform.plan(prd)
    with (prd.folder / "main.tf").open("a") as file:
        file.write("# later\n")

    with pytest.raises(TerraformError, match=r"nothing was applied: .* zips have changed since"):
        terraform.apply(prd)


@pytest.mark.parametrize(
    "changed",
    [
        "terraform/stacks/thing/main.tf",
        "terraform/stacks/thing/.terraform.lock.hcl",
        "terraform/stacks/thing/policies/reader.json.tftpl",
        "terraform/stacks/thing/prd.tfvars",
        "terraform/environments/prd.tfvars",
        "terraform/modules/batch/main.tf",
        "terraform/modules/batch/code/index.py",
        "build/aws/thing.zip",
        "build/aws/layer-batchworks.zip",
        "build/aws/layer-thing.zip",
        "build/aws/layer-thing-charts.zip",
    ],
)
def test_a_plan_is_as_old_as_the_newest_of_what_it_is_made_from(stack: Stack, changed: str) -> None:
    prd = in_prd(stack)
    write(prd.root / "build" / "aws" / "thing.zip", "as reviewed")
    reviewed = terraform.fingerprint(prd)

    write(prd.root / changed, "something else")

    assert terraform.fingerprint(prd) != reviewed


@pytest.mark.parametrize(
    "changed",
    [
        "terraform/stacks/thing/README.md",
        "terraform/stacks/thing/tests/thing.tftest.hcl",
        "terraform/stacks/thing/.terraform/providers/x",
        "terraform/stacks/other/main.tf",
        "terraform/modules/batch/examples/complete/main.tf",
        "terraform/modules/batch/.terraform.lock.hcl",
        "terraform/environments/dev.tfvars",
        "build/aws/other.zip",
        "build/local/thing.zip",
    ],
)
def test_a_plan_outlives_what_it_is_not_made_from(stack: Stack, changed: str) -> None:
    prd = in_prd(stack)
    write(prd.root / "build" / "aws" / "thing.zip", "as reviewed")
    reviewed = terraform.fingerprint(prd)

    write(prd.root / changed, "something else")

    assert terraform.fingerprint(prd) == reviewed


def test_a_file_that_moves_is_another_file(stack: Stack) -> None:
    template = stack.folder / "a" / "policy.json"
    write(template, "{}")
    before = terraform.fingerprint(stack)
    write(stack.folder / "b" / "policy.json", "{}")
    template.unlink()

    assert terraform.fingerprint(stack) != before


def test_providers_are_those_that_are_locked(stack: Stack) -> None:
    with (stack.folder / "main.tf").open("a") as file:
        file.write('resource "aws_sqs_queue" "q" {}\n')
    quiet = replace(stack, log=stack.root / "log.txt")

    with pytest.raises(TerraformError, match=r"terraform init of thing"):
        terraform.plan(quiet)

    assert not (stack.folder / ".terraform.lock.hcl").exists()


def test_production_refuses_a_plan_that_the_state_has_outrun(
    stack: Stack, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    prd = in_prd(stack)
    terraform.plan(prd)
    colleague = replace(prd, home=tmp_path / "colleague")
    terraform.plan(colleague)
    terraform.apply(colleague)

    with pytest.raises(TerraformError, match=r"state has changed.*make plan ENV=prd STACK=thing"):
        terraform.apply(prd)
    assert "Saved plan is stale" in capfd.readouterr().err


def test_local_plans_by_itself_and_says_so(stack: Stack, capfd: pytest.CaptureFixture[str]) -> None:
    terraform.plan(stack)
    (stack.folder / "local.tfvars").write_text('colour = "new"\n')

    terraform.apply(stack)

    assert "settings or zips have changed since the saved plan was made: planning first" in (
        capfd.readouterr().out
    )
    assert terraform.outputs(stack) == {"thing": "local 1 new"}


def test_destroy_leaves_nothing(stack: Stack) -> None:
    terraform.apply(stack)
    terraform.destroy(stack)
    assert terraform.outputs(stack) == {}


def test_output_goes_to_the_log_on_request(
    stack: Stack, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    quiet = replace(stack, log=tmp_path / "log.txt")
    terraform.apply(quiet)
    (stack.folder / "main.tf").write_text("nonsense")

    with pytest.raises(TerraformError, match=r"see .*log\.txt") as raised:
        terraform.plan(quiet)

    assert raised.value.exit_code == 1
    assert "nonsense" in quiet.log.read_text() if quiet.log else False
    assert capfd.readouterr() == ("", "")


def test_an_unknown_stack_is_named_with_those_there_are(stack: Stack) -> None:
    with pytest.raises(TerraformError, match=r"no stack things\. There are: thing"):
        terraform.plan(replace(stack, name="things"))


def test_the_local_account_is_out_of_reach_of_ones_own_profile(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "a-profile-that-does-not-exist")
    terraform.plan(stack)


def test_commands_exit_as_terraform_does(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(terraform, "stack_of", lambda *_: stack)

    def run(command: str) -> int:
        arguments = ["terraform", command, "--env", "local", "--stack", "thing"]
        monkeypatch.setattr(sys, "argv", arguments)
        with pytest.raises(SystemExit) as ended:
            commands.main()
        return int(ended.value.code or 0)

    assert run("init") == 0
    assert run("plan") == 0
    assert run("apply") == 0
    capfd.readouterr()
    assert run("output") == 0
    assert json.loads(capfd.readouterr().out) == {"thing": "local 1 own"}
    assert run("destroy") == 0
    (stack.folder / "main.tf").write_text("nonsense")
    assert run("plan") == 1
    assert "terraform: terraform init of thing in local failed" in capfd.readouterr().err


def test_dev_and_prd_are_what_the_environment_says_and_local_is_what_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert terraform.stack_of(Environment.PRD, "thing") == Stack(Environment.PRD, "thing")
    database = Postgres(tmp_path, 5432, "password")
    aws = LocalAws("http://127.0.0.1:1", 1, tmp_path)
    running = Estate(tmp_path, aws, database)
    monkeypatch.setattr(estate, "running", lambda: running)
    with pytest.raises(NotRunningError, match="make up STACK=thing"):
        terraform.stack_of(Environment.LOCAL, "thing")
    (tmp_path / "thing.tfvars.json").write_text("{}")

    local = terraform.stack_of(Environment.LOCAL, "thing")

    assert local.var_files == [tmp_path / "thing.tfvars.json"]
    assert local.variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:1"
    assert local.data.is_relative_to(tmp_path)


def test_dev_and_prd_need_nothing_of_the_local_estate() -> None:
    """Nor the database driver that comes with it."""
    code = (
        "import sys; from scripts import environments, terraform; "
        "terraform.stack_of(environments.Environment.PRD, 'thing'); "
        "sys.exit(bool({'psycopg2', 'scripts.local_estate'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_command_names_the_remedy_when_nothing_runs(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.terraform", "plan", "--env", "local", "--stack", "x"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert "make up STACK=x" in done.stderr
