"""How extensions change moto: loudly, so that a new version of moto can't surprise anyone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class MotoChangedError(Exception):
    """moto isn't what an extension was written for: look whether it is still needed."""


def replace(owner: type, name: str | None = None) -> Callable[[F], F]:
    """Put a function in the place of moto's method of the same name, or of the given one.

    Raises:
        MotoChangedError: moto has no such method (any more).
    """

    def put(function: F) -> F:
        method = name or function.__name__
        if not hasattr(owner, method):
            raise MotoChangedError(f"moto's {owner.__name__} has no {method} to replace")
        setattr(owner, method, function)
        return function

    return put


def add(owner: type) -> Callable[[F], F]:
    """Give moto a method that it lacks.

    Raises:
        MotoChangedError: moto has gained it.
    """

    def put(function: F) -> F:
        if hasattr(owner, function.__name__):
            raise MotoChangedError(f"moto's {owner.__name__} has got {function.__name__} by now")
        setattr(owner, function.__name__, function)
        return function

    return put
