"""Holds one call of an action, so that a test can kill its caller at that very moment."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import StrEnum

from flask import Flask, Response, g, request

from scripts.local_aws.iam.callers import role_of
from scripts.local_aws.operations import operation

HOLD_SECONDS = 60
"""After that a held call goes on: a test that fails must not leave its caller hanging."""


class Moment(StrEnum):
    """When a call is held."""

    BEFORE = "before"  # nothing is done yet
    AFTER = "after"  # it is done, but the caller doesn't know


@dataclass
class Hold:
    """The call to hold: number `nth` of an action such as `s3.PutObject`; `role`: of its calls."""

    action: str
    nth: int
    moment: Moment
    role: str | None = None
    calls: int = 0
    counting: threading.Lock = field(default_factory=threading.Lock)
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def is_meant(self, action: str) -> bool:
        """Whether the request at hand counts."""
        return action == self.action and self.role in (None, role_of(request))


_hold: Hold | None = None


def arm(action: str, nth: int, moment: Moment, role: str | None = None) -> None:
    """Hold a call from now on, in place of any other."""
    global _hold  # noqa: PLW0603 - one server, one hold
    release()
    _hold = Hold(action, nth, moment, role)


def is_reached() -> bool:
    """Whether the call that was asked for is being held."""
    return _hold is not None and _hold.reached.is_set()


def release() -> None:
    """Let the held call go on, and hold no other."""
    global _hold  # noqa: PLW0603 - as above
    if _hold:
        _hold.released.set()
    _hold = None


def attach(app: Flask, service: str) -> None:
    """Let calls to a service be held."""

    @app.before_request
    def before() -> None:
        hold = _hold
        if hold and hold.is_meant(operation(request, service)):
            with hold.counting:
                hold.calls += 1
                g.call = hold.calls
            _wait(hold, Moment.BEFORE)

    @app.after_request
    def after(response: Response) -> Response:
        hold = _hold
        if hold and hold.is_meant(operation(request, service)):
            _wait(hold, Moment.AFTER)
        return response


def _wait(hold: Hold, moment: Moment) -> None:
    if hold.moment is moment and g.get("call") == hold.nth:
        hold.reached.set()
        hold.released.wait(HOLD_SECONDS)
