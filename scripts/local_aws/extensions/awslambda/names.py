"""Reads which function, and which version or alias of it, a request means."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from moto.awslambda.responses import LambdaResponse

from scripts.local_aws.account import ACCOUNT, PARTITION


def named(request: LambdaResponse) -> str:
    """The function in the path as the caller wrote it: name or ARN, maybe with a qualifier."""
    _, _, rest = request.path.partition("/functions/")
    return unquote(rest.split("/", 1)[0])


def arn(request: LambdaResponse) -> str:
    """The ARN a request means, with its qualifier if it has one."""
    name = named(request)
    if not name.startswith("arn:"):
        name = f"arn:{PARTITION}:lambda:{request.region}:{ACCOUNT}:function:{name}"
    qualifier: Any = request.querystring.get("Qualifier", [None])[0]
    return f"{name}:{qualifier}" if qualifier else name


def parts(request: LambdaResponse) -> tuple[str, str | None]:
    """The function's name and the qualifier, or None."""
    _, _, _, _, _, _, name, *qualifier = arn(request).split(":")
    return name, qualifier[0] if qualifier else None
