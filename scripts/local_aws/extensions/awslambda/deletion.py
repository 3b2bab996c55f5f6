"""Deleting a function: here its processes and its settings for events go with it."""

from __future__ import annotations

from typing import Any

from moto.awslambda.models import LambdaBackend

from scripts.local_aws.functions import event_settings, service
from scripts.local_aws.patching import replace

_delete = LambdaBackend.delete_function


@replace(LambdaBackend)
def delete_function(self: Any, function_name: str, qualifier: str | None = None) -> None:
    """Delete a version, or all of a function."""
    name = self.get_function(function_name).function_name
    _delete(self, function_name, qualifier)
    if qualifier is None:
        event_settings.remove_all(name)
        service.current().executor.pool.retire(name)
