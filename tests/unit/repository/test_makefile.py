"""`make` alone tells what there is, and nothing is missing from what it tells."""

import os
import re
import subprocess

from tests.unit.repository.repository import ROOT, tracked


def make(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=env, check=False, capture_output=True, text=True
    )


def test_every_target_is_listed_once_and_explained_on_one_line() -> None:
    phony = re.search(r"\.PHONY:((?:.*\\\n)*.*)", tracked()["Makefile"])
    assert phony
    targets = set(phony.group(1).replace("\\", "").split()) - {"help"}

    printed = make().stdout

    listed = re.findall(r"^  ([a-z-]+) +\S", printed, re.MULTILINE)
    assert sorted(listed) == sorted(targets)
    assert max(map(len, printed.splitlines())) <= 100


def test_every_variable_is_listed_with_its_default() -> None:
    variables = re.findall(r"^([A-Z]+) +\?=", tracked()["Makefile"], re.MULTILINE)
    printed = make().stdout
    assert variables
    for variable in variables:
        assert re.search(rf"\b{variable}=", printed), variable


def test_a_mistyped_environment_is_named() -> None:
    done = make("plan", "ENV=prod")
    assert done.returncode == 2
    assert "ENV=prod is none of the environments: local, dev, prd" in done.stderr


def test_the_start_up_file_of_a_shell_is_no_environment() -> None:
    assert "--env local" in make("--dry-run", "trigger", ENV="/etc/profile").stdout
    assert "--env prd" in make("--dry-run", "trigger", ENV="prd").stdout


def test_switches_are_off_unless_they_are_set() -> None:
    for value, shown in {"": False, "0": False, "1": True}.items():
        assert ("--wait" in make("--dry-run", "trigger", f"WAIT={value}").stdout) is shown
        assert ("--errors" in make("--dry-run", "logs", f"ERRORS={value}").stdout) is shown


def test_dev_and_prd_get_the_zips_of_aws() -> None:
    for environment, platform in {"local": "local", "dev": "aws", "prd": "aws"}.items():
        dry = make("--dry-run", "--always-make", "plan", f"ENV={environment}").stdout
        assert f"scripts.package --platform {platform} --stack sync-batch" in dry
        assert f"scripts.terraform plan --env {environment} --stack sync-batch" in dry
