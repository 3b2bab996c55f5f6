"""The web application: moto's services, each with its extension, and `/_local` for control."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, cast

from flask import Flask, Response, request
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import NotFound

from scripts.local_aws import control, errors, extensions, faults, holding, trace
from scripts.local_aws.iam.enforcement import AccessDeniedError
from scripts.local_aws.operations import operation

WsgiApplication = Callable[[dict[str, Any], Any], Iterable[bytes]]

_HOSTS = 256
_NO_AWS = {"moto_api", "instance_metadata"}  # what moto serves besides AWS's services

log = logging.getLogger(__name__)


class _Dispatcher(DomainDispatcherApplication):
    """Finds the service of a host once; moto looks through its own folders at every request."""

    def __init__(self, create_app: Callable[[str | None], Flask]) -> None:
        super().__init__(cast(Any, create_app))
        self._find = lru_cache(maxsize=_HOSTS)(super().get_backend_for_host)

    def get_backend_for_host(self, host: str | None) -> Any:
        return self._find(host)


def build(*, tracing: bool) -> WsgiApplication:
    """The whole local AWS as one WSGI application.

    A service is loaded with its first request.

    Args:
        tracing: Print one line per request.
    """
    aws = _Dispatcher(lambda service: _service(service, tracing=tracing))
    local = control.build()

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        chosen: Any = local if environ["PATH_INFO"].startswith("/_local/") else aws
        answer: Iterable[bytes] = chosen(environ, start_response)
        return answer

    return application


def _service(name: str | None, *, tracing: bool) -> Flask:
    if name is None:
        return _no_service()
    extensions.load(name)
    app: Flask = create_backend_app(cast(Any, name))
    if name in _NO_AWS:
        return app
    _answer_failures(app, name)
    holding.attach(app, name)
    if tracing:
        trace.attach(app, name)
    faults.attach(app, name)  # the last: what it answers is seen by the others
    return app


def _no_service() -> Flask:
    """Answers for the services that moto doesn't have."""
    app = Flask("no service")

    @app.errorhandler(NotFound)
    def missing(_: NotFound) -> tuple[dict[str, str], int]:
        scope = request.headers.get("Authorization", "").partition("Credential=")[2].split("/")
        service = scope[3] if len(scope) > 3 else request.host
        lacking = f"the local AWS lacks {service}: moto has no such service"
        log.error("%s (%s %s)", lacking, request.method, request.path)
        return {"__type": "NotImplemented", "message": lacking}, 501

    return app


def _answer_failures(app: Flask, service: str) -> None:
    def denied(error: AccessDeniedError) -> Response:
        return errors.access_denied(request, error.service, str(error))

    def missing(_: Exception) -> Response:
        """501: a 500 would be retried for minutes by Terraform."""
        lacking = f"the local AWS lacks {operation(request, service)}: moto has no such action"
        log.error("%s; write an extension for it", lacking)
        return errors.answer(request, service, 501, "NotImplemented", lacking)

    def crashed(error: Exception) -> Response:
        said = f"{operation(request, service)} crashed in the local AWS"
        log.error(said, exc_info=error)
        return errors.answer(request, service, 500, "InternalFailure", f"{said}: {error!r}")

    app.register_error_handler(AccessDeniedError, denied)
    app.register_error_handler(NotImplementedError, missing)
    app.register_error_handler(NotFound, missing)
    app.register_error_handler(Exception, crashed)
