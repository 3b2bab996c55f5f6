"""Layers: in moto a deleted layer is gone; in AWS functions that have it keep it.

Terraform deletes an old layer while published versions still use it.
"""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaFunction
from moto.awslambda.utils import get_backend

from scripts.local_aws.patching import replace

_find = LambdaFunction._get_layers_data


@replace(LambdaFunction)
def _get_layers_data(self: Any, layers_versions_arns: list[str]) -> Any:
    """Find the layers, and keep them with the function."""
    found = _find(self, layers_versions_arns)
    layer = get_backend(self.account_id, self.region).layers_versions_by_arn
    self.layer_versions = [layer(arn) for arn in layers_versions_arns]
    return found
