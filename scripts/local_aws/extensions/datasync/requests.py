"""How requests to DataSync are read and answered, in one form for all of them."""

from __future__ import annotations

import json
from typing import Any

from moto.datasync.responses import DataSyncResponse


def asked(request: DataSyncResponse, *names: str) -> dict[str, Any]:
    """The parameters of a request, None where one isn't given."""
    return {name: request._get_param(name) for name in names}


def given(request: DataSyncResponse, *names: str) -> dict[str, Any]:
    """The parameters of a request that are given."""
    return {name: value for name, value in asked(request, *names).items() if value is not None}


def answer(**fields: Any) -> str:
    """An answer."""
    return json.dumps(fields)
