"""Lambda: moto keeps less of a function than it is told, and runs it in Docker or not at all.

Each module here begins with what it completes.
"""

from scripts.local_aws.extensions.awslambda import (
    configuration,
    deletion,
    event_invoke_config,
    file_systems,
    invoke,
    layers,
    permissions,
    roles,
)

__all__ = [
    "configuration",
    "deletion",
    "event_invoke_config",
    "file_systems",
    "invoke",
    "layers",
    "permissions",
    "roles",
]
