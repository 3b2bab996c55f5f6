"""Lets calls of a run go wrong: crashes it, refuses or throttles a call."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto.core.botocore_stubber import BotocoreStubber

from efs_autoscaler.clients import Clients, connect

Happening = Callable[[str, int], str | None]  # the operation, its number; a code refuses it


class Crash(BaseException):
    """The process is gone: no handler of errors runs."""


@dataclass
class Faults:
    """Clients with whose calls something happens, and what it is."""

    clients: Clients = field(default_factory=connect)
    before: Happening | None = None
    after: Happening | None = None
    calls: int = 0

    def __post_init__(self) -> None:
        for each in fields(self.clients):
            events = getattr(self.clients, each.name).meta.events
            events.register("before-call", self._began)
            events.register_first("after-call", self._ended)

    def plan(self, before: Happening | None = None, after: Happening | None = None) -> Clients:
        """Have something happen from now on; return the clients."""
        self.before, self.after, self.calls = before, after, 0
        return self.clients

    def refuse(self, operation: str, code: str, *, call: int = 0) -> Clients:
        """Refuse an operation from its n-th call on."""
        made = [0]

        def happening(name: str, _: int) -> str | None:
            made[0] += name == operation
            return code if name == operation and made[0] > call else None

        return self.plan(happening)

    def _began(self, model: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]] | None:
        code = self.before(model.name, self.calls) if self.before else None
        if code is None:
            return None
        error = {"Code": code, "Message": f"{code} for a test"}
        return _response("aws", code), {"Error": error, "ResponseMetadata": {}}

    def _ended(self, model: Any, **_: Any) -> None:
        if self.after:
            self.after(model.name, self.calls)
        self.calls += 1


def crash_at(call: int) -> Happening:
    """End the process at a call."""

    def happening(_: str, number: int) -> None:
        if number == call:
            raise Crash

    return happening


def throttle(rate: float, seed: int, patch: Callable[..., None]) -> list[str]:
    """Refuse requests of this process at random for coming too often; return which, so far."""
    chance, refused = random.Random(seed), list[str]()
    answer = BotocoreStubber.__call__

    def throttled(self: BotocoreStubber, event_name: str, request: Any, **rest: Any) -> Any:
        if chance.random() >= rate:
            return answer(self, event_name, request, **rest)
        refused.append(event_name)
        return _response(request.url, "ThrottlingException")

    patch(BotocoreStubber, "__call__", throttled)
    return refused


def _response(url: str, code: str) -> AWSResponse:
    headers = HTTPHeaders()
    headers["x-amzn-errortype"] = code
    body = f'{{"__type": "{code}", "ErrorCode": "{code}", "message": "too often"}}'
    if "ec2" in url:
        body = f"<Response><Errors><Error><Code>{code}</Code></Error></Errors></Response>"
    return AWSResponse(url, 400, headers, _Body(body.encode()))


class _Body:
    """As much of a raw answer as botocore reads."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> list[bytes]:
        return [self._content]
