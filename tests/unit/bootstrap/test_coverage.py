"""What the bootstrap must keep pace with; Terraform's own tests know one folder at a time."""

import re
from pathlib import Path

TERRAFORM = Path(__file__).resolve().parents[3] / "terraform"
ACTION = re.compile(r'"([a-z0-9]+:[A-Z]\w+)"')
NO_RIGHTS = {"lambda:SourceFunctionArn", "sts:AssumeRole"}  # a condition, and Lambda's own right


def actions(*paths: Path) -> set[str]:
    """Return the IAM actions that files name."""
    return {action for path in paths for action in ACTION.findall(path.read_text())}


def test_the_boundary_admits_all_that_a_function_can_be_given() -> None:
    function = TERRAFORM / "modules" / "function"
    given = actions(function / "role.tf", function / "network.tf") - NO_RIGHTS
    admitted = actions(TERRAFORM / "bootstrap" / "roles" / "boundary.tf")
    assert given
    assert given == admitted


def test_every_stack_may_be_applied() -> None:
    stacks = {path.name for path in (TERRAFORM / "stacks").iterdir() if path.is_dir()}
    variables = (TERRAFORM / "bootstrap" / "variables.tf").read_text()
    systems = re.search(r'variable "systems" .*?default     = \[(.*?)\]', variables, re.DOTALL)
    assert systems is not None
    assert set(re.findall(r'"([\w-]+)"', systems[1])) == stacks
