"""What the bootstrap must keep pace with; Terraform's own tests know one folder at a time."""

import re
from pathlib import Path

TERRAFORM = Path(__file__).resolve().parents[3] / "terraform"
ACTION = re.compile(r'"([a-z0-9]+:[A-Z]\w+)"')
ROLES = (
    "function/role.tf",
    "function/network.tf",
    "archive-host/role.tf",
    "archive-bucket/restores.tf",
)
# Conditions, the right of services to become a role, and what a host is refused.
NO_RIGHTS = {
    "iam:PassedToService",
    "lambda:SourceFunctionArn",
    "s3:BypassGovernanceRetention",
    "s3:PutBucketVersioning",
    "s3:PutLifecycleConfiguration",
    "sts:AssumeRole",
}


def actions(*paths: Path) -> set[str]:
    """Return the IAM actions that files name."""
    return {action for path in paths for action in ACTION.findall(path.read_text())}


def test_the_boundary_admits_all_that_a_module_can_give_and_nothing_else() -> None:
    modules = TERRAFORM / "modules"
    given = actions(*(modules / path for path in ROLES)) - NO_RIGHTS
    admitted = actions(TERRAFORM / "bootstrap" / "roles" / "boundary.tf") - NO_RIGHTS
    assert given
    assert given == admitted


def test_every_role_that_a_module_makes_is_among_those_looked_at() -> None:
    modules = TERRAFORM / "modules"
    makers = {
        path.relative_to(modules).as_posix()
        for path in modules.glob("*/*.tf")
        if 'resource "aws_iam_role_policy"' in path.read_text()
    }
    assert makers <= set(ROLES)


def test_every_stack_may_be_applied() -> None:
    stacks = {path.name for path in (TERRAFORM / "stacks").iterdir() if path.is_dir()}
    variables = (TERRAFORM / "bootstrap" / "variables.tf").read_text()
    systems = re.search(r'variable "systems" .*?default     = \[(.*?)\]', variables, re.DOTALL)
    assert systems is not None
    assert set(re.findall(r'"([\w-]+)"', systems[1])) == stacks
