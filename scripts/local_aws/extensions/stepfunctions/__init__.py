"""Step Functions: moto runs state machines only when it is told to, and not as AWS would.

Each module here begins with what it completes.
"""

from __future__ import annotations

import logging

from moto.core.config import default_user_config

from scripts.local_aws.extensions.stepfunctions import (
    clients,
    definitions,
    errors,
    executions,
    histories,
    item_readers,
    maps,
    roles,
    state_machines,
    tasks,
    texts,
)

__all__ = [
    "clients",
    "definitions",
    "errors",
    "executions",
    "histories",
    "item_readers",
    "maps",
    "roles",
    "state_machines",
    "tasks",
    "texts",
]

default_user_config["stepfunctions"] = {"execute_state_machine": True}
# It logs every error, also one that a state catches.
logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)
