"""What all stacks share, so that whoever knows one knows them all."""

import re

import pytest

from tests.unit.repository.repository import ROOT, matching, tracked

STACKS = sorted(path.name for path in (ROOT / "terraform" / "stacks").iterdir() if path.is_dir())
ENVIRONMENTS = ("local", "dev", "prd")


@pytest.mark.parametrize("file", ["backend.tf", "environment.tf", "provider.tf", "versions.tf"])
def test_what_stacks_share_is_the_same_in_all(file: str) -> None:
    texts = {tracked()[f"terraform/stacks/{stack}/{file}"] for stack in STACKS}
    assert len(texts) == 1


@pytest.mark.parametrize("kind", ["backend", "provider"])
def test_no_other_file_of_a_stack_has_such_a_block(kind: str) -> None:
    block = re.compile(rf'^\s*{kind} "', re.MULTILINE)
    files = matching("terraform/stacks/*/*.tf")
    assert {name.rsplit("/")[-1] for name in files if block.search(files[name])} == {f"{kind}.tf"}


def test_modules_take_providers_from_their_stack() -> None:
    block = re.compile(r'^\s*(provider|backend) "', re.MULTILINE)
    assert [
        name for name, text in matching("terraform/modules/*/*.tf").items() if block.search(text)
    ] == []


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_stack_has_settings_for_every_environment(stack: str, environment: str) -> None:
    assert f"terraform/stacks/{stack}/{environment}.tfvars" in tracked()
    assert f"terraform/environments/{environment}.tfvars" in tracked()
    assert f"terraform/environments/{environment}.tfbackend" in tracked()


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_an_environment_sets_what_every_stack_declares(stack: str, environment: str) -> None:
    declared = re.findall(
        r'^variable "(\w+)"', tracked()[f"terraform/stacks/{stack}/environment.tf"], re.MULTILINE
    )
    settings = tracked()[f"terraform/environments/{environment}.tfvars"]
    assert set(re.findall(r"^(\w+) +=", settings, re.MULTILINE)) <= set(declared)


@pytest.mark.parametrize("stack", STACKS)
def test_providers_are_locked_for_all_platforms(stack: str) -> None:
    """A mirror gives the hash of one platform only: `make lock` adds the others."""
    lock = tracked()[f"terraform/stacks/{stack}/.terraform.lock.hcl"]
    for provider in lock.split('provider "')[1:]:
        assert provider.count('"zh:') > 1, provider.splitlines()[0]


def test_stacks_and_code_bear_the_same_names() -> None:
    for stack in STACKS:
        system = stack.replace("-", "_")
        assert any((ROOT / code / system).is_dir() for code in ("lambda", "scripts")), stack
