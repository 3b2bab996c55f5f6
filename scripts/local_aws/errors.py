"""Errors in the caller's own protocol: JSON, query XML, REST XML, …"""

from __future__ import annotations

from typing import Any

from flask import Request, Response
from moto.core.exceptions import ServiceException
from moto.core.model import OperationModel, ServiceModel
from moto.core.request import determine_request_protocol
from moto.core.serialize import get_serializer_class
from moto.core.utils import get_service_model

_BOTOCORE_NAMES = {
    "applicationautoscaling": "application-autoscaling",
    "awslambda": "lambda",
}
_ACCESS_DENIED = {"ec2": "UnauthorizedOperation", "sns": "AuthorizationError"}


class _AnsweredError(ServiceException):
    """What moto's serializers take; one of a module of moto's would be taken for its service's."""


def botocore_name(service: str) -> str:
    """What botocore calls a service of moto's."""
    return _BOTOCORE_NAMES.get(service, service)


def access_denied(request: Request, service: str, message: str) -> Response:
    """403, by the name the service gives it."""
    xml = str(_model(service).protocol) in {"ec2", "query", "rest-xml"}
    usual = "AccessDenied" if xml else "AccessDeniedException"
    return answer(request, service, 403, _ACCESS_DENIED.get(service, usual), message)


def answer(request: Request, service: str, status: int, code: str, message: str) -> Response:
    """An error that the SDKs of the service understand.

    Args:
        service: moto's name of the service.
        status: HTTP status.
        code: The error's name.
    """
    model = _model(service)
    serializer = get_serializer_class(model.service_name, _protocol(request, model))
    error = _AnsweredError(code, message)
    document: Any = serializer(OperationModel({}, model)).serialize(error)
    return Response(document["body"], status, document["headers"])


def _protocol(request: Request, model: ServiceModel) -> str:
    try:
        return determine_request_protocol(model, request.content_type)
    except NotImplementedError:  # a content type of no protocol of this service
        return str(model.protocol)


def _model(service: str) -> ServiceModel:
    return get_service_model(botocore_name(service))
