"""What the bootstrap must keep pace with; Terraform's own tests know one folder at a time."""

import re
from pathlib import Path

TERRAFORM = Path(__file__).resolve().parents[3] / "terraform"
ACTION = re.compile(r'"([a-z0-9-]+:[A-Z]\w+)"')
ROLES = (
    "modules/function/role.tf",
    "modules/function/network.tf",
    "modules/archive-host/role.tf",
    "modules/archive-bucket/restores.tf",
    "modules/datasync/functions.tf",
    "modules/datasync/pipeline.tf",
    "modules/datasync/settings.tf",
    "modules/datasync/transfer.tf",
    "modules/efs-autoscaler/capacity.tf",
    "modules/efs-autoscaler/controller.tf",
    "modules/efs-autoscaler/roles.tf",
    "stacks/dynamodb-export/access.tf",
)
# Conditions, the right of services to become a role, and what a host is refused.
NO_RIGHTS = {
    "aws:SourceAccount",
    "aws:SourceArn",
    "ec2:CreateAction",
    "elasticfilesystem:AccessPointArn",
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


def test_the_boundary_admits_all_that_a_role_is_given_and_nothing_else() -> None:
    given = actions(*(TERRAFORM / path for path in ROLES)) - NO_RIGHTS
    admitted = actions(TERRAFORM / "bootstrap" / "roles" / "boundary.tf") - NO_RIGHTS
    assert given
    assert given == admitted


def test_all_that_gives_a_role_something_is_looked_at() -> None:
    """Policies, and the statements with which modules are told what a function may do."""
    givers = {
        path.relative_to(TERRAFORM).as_posix()
        for folder in ("modules", "stacks")
        for path in (TERRAFORM / folder).glob("*/*.tf")
        if re.search(r'resource "aws_iam_role_policy"|statements\s+= \{', path.read_text())
    }
    assert givers <= set(ROLES)


def test_every_stack_may_be_applied() -> None:
    stacks = {path.name for path in (TERRAFORM / "stacks").iterdir() if path.is_dir()}
    variables = (TERRAFORM / "bootstrap" / "variables.tf").read_text()
    systems = re.search(r'variable "systems" .*?default     = \[(.*?)\]', variables, re.DOTALL)
    assert systems is not None
    assert set(re.findall(r'"([\w-]+)"', systems[1])) == stacks
