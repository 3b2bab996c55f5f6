"""State machines: moto can't list their versions, which Terraform asks for."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult
from moto.stepfunctions.responses import StepFunctionResponse

from scripts.local_aws.patching import add


@add(StepFunctionResponse)
def list_state_machine_versions(self: Any) -> ActionResult:
    """The versions of a state machine, the newest first."""
    machine = self.stepfunction_backend.describe_state_machine(self._get_param("stateMachineArn"))
    versions = [
        {"stateMachineVersionArn": each.arn, "creationDate": each.creation_date}
        for _, each in sorted(machine.versions.items(), reverse=True)
    ]
    return ActionResult({"stateMachineVersions": versions})
