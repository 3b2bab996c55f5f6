"""Answers requests with an error before anything happens, as AWS does when it throttles."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from flask import Flask, Response, request

from scripts.local_aws import errors
from scripts.local_aws.iam.callers import role_of
from scripts.local_aws.operations import operation


@dataclass
class Fault:
    """Which requests are answered with which error.

    Attributes:
        actions: Patterns such as `s3.PutObject` or `dynamodb.*`.
        code: The error, such as `ThrottlingException`.
        status: HTTP status.
        share: Of the requests, 0 to 1, chosen at random; all by default.
        nth: Only this request, counted from 1.
        role: Only requests of the role of this name.
        seed: Of the random choice: the same seed chooses the same requests.
        answered: How many were answered so.
    """

    actions: Sequence[str]
    code: str
    status: int = 400
    share: float = 1.0
    nth: int | None = None
    role: str | None = None
    seed: int = 1
    answered: int = field(default=0, init=False)
    _seen: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Begin its random choice.

        Raises:
            ValueError: No request can be meant.
        """
        if not self.actions or not 0 <= self.share <= 1 or not 400 <= self.status < 600:
            raise ValueError("say actions, a share from 0 to 1, and a status from 400 to 599")
        self._random = random.Random(self.seed)  # noqa: S311  # no secret  # nosec B311

    def strikes(self, action: str, role: str | None) -> bool:
        """Whether it answers a request, which is counted if it is one of those that are meant."""
        if self.role not in (None, role) or not any(
            fnmatchcase(action, pattern) for pattern in self.actions
        ):
            return False
        self._seen += 1
        struck = self._random.random() < self.share and self.nth in (None, self._seen)
        self.answered += struck
        return struck


_faults: dict[str, Fault] = {}
_changing = threading.Lock()


def begin(name: str, fault: Fault) -> None:
    """Let a fault strike from now on."""
    with _changing:
        _faults[name] = fault


def end(name: str) -> None:
    """Let a fault strike no more."""
    with _changing:
        _faults.pop(name, None)


def answered(name: str) -> int:
    """How many requests a fault answered; none if there is no such fault."""
    known = _faults.get(name)
    return known.answered if known else 0


def attach(app: Flask, service: str) -> None:
    """Let faults strike requests to a service."""

    @app.before_request
    def strike() -> Response | None:
        if not _faults:
            return None
        fault = _struck_by(operation(request, service), role_of(request))
        if fault is None:
            return None
        message = f"{fault.code}, by order of a test"
        return errors.answer(request, service, fault.status, fault.code, message)


def _struck_by(action: str, role: str | None) -> Fault | None:
    with _changing:
        struck = [fault for fault in _faults.values() if fault.strikes(action, role)]
    return struck[0] if struck else None
