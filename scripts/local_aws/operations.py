"""Which action of which service a request asks for."""

from __future__ import annotations

from typing import Any, cast

from flask import Request
from moto.core.routing import get_service_router
from werkzeug.exceptions import HTTPException

from scripts.local_aws.errors import botocore_name


def operation(request: Request, service: str) -> str:
    """`service.Action`, or `service METHOD /path` where no action is to be seen.

    Args:
        service: moto's name of the service.
    """
    name = botocore_name(service)
    action = _by_protocol(request) or _by_path(request, name)
    return f"{name}.{action}" if action else f"{name} {request.method} {request.path}"


def _by_protocol(request: Request) -> str | None:
    if target := request.headers.get("X-Amz-Target"):
        return target.rpartition(".")[2]
    if request.path.startswith("/service/"):  # smithy-rpc: /service/Name/operation/Action
        return request.path.rpartition("/")[2]
    return request.values.get("Action")


def _by_path(request: Request, service: str) -> str | None:
    try:
        found: Any = get_service_router(service).match(cast(Any, request))
    except (HTTPException, NotImplementedError):
        return None
    return str(found[0].name)
