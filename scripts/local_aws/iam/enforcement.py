"""Makes moto ask a role's policies before it serves a caller with that role's keys.

moto can authorize, but only everybody or nobody, and against the action alone. Here keys of no
role (Terraform's, the operator's) stay free.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.backends import get_backend
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.responses import BaseResponse

from scripts.local_aws.account import ACCOUNT, PARTITION
from scripts.local_aws.iam.decisions import may
from scripts.local_aws.iam.resources import Call, UnknownServiceError, resources
from scripts.local_aws.iam.sessions import Session, of_key
from scripts.local_aws.patching import replace

_IAM_NAMES = {
    "awslambda": "lambda",
    "efs": "elasticfilesystem",
    "s3control": "s3",
    "stepfunctions": "states",
}
_IAM_ACTIONS = {"lambda:Invoke": "lambda:InvokeFunction", "s3:HeadBucket": "s3:ListBucket"}
_ALWAYS_ALLOWED = {"sts:GetCallerIdentity"}


class AccessDeniedError(Exception):
    """A role asked for something its policies don't allow.

    Attributes:
        service: moto's name of the service.
    """

    def __init__(self, service: str, message: str) -> None:
        super().__init__(message)
        self.service = service


@replace(ActionAuthenticatorMixin)
def _authenticate_and_authorize_action(
    self: BaseResponse, iam_request_cls: type, resource: str = "*"
) -> None:
    del iam_request_cls  # moto's own evaluator
    session = of_key(self.get_access_key())
    if session is not None:
        _authorize(self, session, resource)


def _authorize(request: BaseResponse, session: Session, resource: str) -> None:
    service = _IAM_NAMES.get(str(request.service_name), str(request.service_name))
    operation = request._get_action()
    action = f"{service}:{operation}"
    action = _IAM_ACTIONS.get(action, action)
    if action in _ALWAYS_ALLOWED:
        return
    call = Call(service, operation, request.region, request.path, request._get_param)
    arns, doubt = _resources(call) if resource == "*" else ([resource], "")
    for each in arns:
        refusal = may(session, action, each, _context(request))
        if refusal:
            raise AccessDeniedError(
                str(request.service_name),
                f"User: {session.arn} is not authorized to perform: {action} "
                f"on resource: {each} {refusal}{doubt}",
            )


def _resources(call: Call) -> tuple[list[str], str]:
    """The ARNs a request is about, and what to say if they aren't known."""
    try:
        return resources(call), ""
    except UnknownServiceError as unknown:
        return ["*"], f" ({unknown})"


def _context(request: BaseResponse) -> dict[str, str | None]:
    """Values of condition keys that are particular to a service."""
    read = _CONTEXTS.get(str(request.service_name))
    return read(request) if read else {}


def _of_s3(request: BaseResponse) -> dict[str, str | None]:
    prefix: Any = request.querystring.get("prefix", [None])
    return {"s3:prefix": prefix[0]}


def _of_ecs(request: BaseResponse) -> dict[str, str | None]:
    cluster = str(request._get_param("cluster") or "default").rsplit("/", 1)[-1]
    return {
        "ecs:cluster": f"arn:{PARTITION}:ecs:{request.region}:{ACCOUNT}:cluster/{cluster}",
        "ecs:service": None,
    }


def _of_events(request: BaseResponse) -> dict[str, str | None]:
    """The source of PutEvents' entries; of several none is the one that a policy could name."""
    sources = {str(entry.get("Source")) for entry in request._get_param("Entries") or []}
    return {"events:source": sources.pop() if len(sources) == 1 else None}


def _of_ec2(request: BaseResponse) -> dict[str, str | None]:
    """The tags of the VPN connection that a request is about."""
    connection = request._get_param("VpnConnectionId")
    known = get_backend("ec2")[ACCOUNT][request.region].vpn_connections.get(connection)
    tags = known.get_tags() if known else []
    return {f"ec2:resourcetag/{tag['key'].lower()}": str(tag["value"]) for tag in tags}


_CONTEXTS: dict[str, Callable[[BaseResponse], dict[str, str | None]]] = {
    "cloudwatch": lambda request: {"cloudwatch:namespace": request._get_param("Namespace")},
    "ec2": _of_ec2,
    "ecs": _of_ecs,
    "events": _of_events,
    "kms": lambda _: {"kms:viaservice": None},  # asked directly
    "s3": _of_s3,
}
