"""Runs last: the variant for Fargate, what protects the file system, and what a destroy leaves."""

import os
import subprocess
from dataclasses import replace

import pytest

from scripts import terraform
from scripts.efs_autoscaler import release
from scripts.terraform import program
from tests.system.efs_autoscaler.conftest import Files
from tests.system.efs_autoscaler.system import FUNCTION, EfsAutoscaler

pytestmark = pytest.mark.skipif("ESTATE" in os.environ, reason="the estate is lent: it stays")

PROTECTION = "module.efs.terraform_data.protection[0]"


@pytest.fixture(scope="module")
def protected(efs_autoscaler: EfsAutoscaler) -> EfsAutoscaler:
    """The same stack with tasks on Fargate, and a file system that may not be destroyed."""
    settings = efs_autoscaler.estate.home / "protected.tfvars"
    settings.write_text('launch_type = "FARGATE"\nprotected = true\n')
    was = efs_autoscaler.stack
    stack = replace(was, var_files=[*was.var_files, settings])
    terraform.apply(stack)
    return replace(efs_autoscaler, stack=stack)


def test_on_fargate_a_new_mount_target_widens_the_service_and_the_plan_stays_empty(
    protected: EfsAutoscaler, files: Files
) -> None:
    subnets = protected.service_subnets()
    assert len(subnets) == 2
    files.many()
    answer = protected.invoke()
    assert answer.payload["deployment_triggered"] is True
    third = protected.listed()[2]["subnet_id"]
    assert protected.service_subnets() == [*subnets, third]
    groups = protected.service()["networkConfiguration"]["awsvpcConfiguration"]["securityGroups"]
    assert groups == [protected.outputs["security_group_ids"]["tasks"]]
    protected.assert_healed("acd")
    assert terraform.plan(protected.stack) is False


def test_a_protected_file_system_is_not_destroyed(protected: EfsAutoscaler) -> None:
    with pytest.raises(terraform.TerraformError) as refused:
        terraform.destroy(protected.stack)
    assert "prevent_destroy" in refused.value.output
    assert FUNCTION in protected.inventory()["functions"], "nothing was destroyed"


def test_destroy_leaves_nothing_once_the_controller_s_mount_targets_are_released(
    protected: EfsAutoscaler,
) -> None:
    _forget_protection(protected)
    [created] = set(protected.mount_targets()) - protected.initial
    with pytest.raises(terraform.TerraformError) as refused:
        terraform.destroy(protected.stack)
    assert "FileSystemInUse" in refused.value.output
    assert set(protected.mount_targets()) == {created}, "what Terraform doesn't know stays"
    release.release(protected.client("efs"), protected.file_system, protected.initial, print)
    terraform.destroy(protected.stack)
    assert protected.inventory() == protected.before


def _forget_protection(system: EfsAutoscaler) -> None:
    """What the module's page tells whoever means it."""
    subprocess.run(
        [program.path(), f"-chdir={system.stack.folder}", "state", "rm", PROTECTION],
        env={
            **os.environ,
            **system.estate.environment(),
            "TF_DATA_DIR": str(system.stack.data),
        },
        check=True,
        capture_output=True,
    )
