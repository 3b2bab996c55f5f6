"""How extensions change moto: loudly, so that a new version of moto can't surprise anyone."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeVar

Member = TypeVar("Member")


class MotoChangedError(Exception):
    """moto isn't what an extension was written for: look whether it is still needed."""


def replace(owner: type | ModuleType, name: str | None = None) -> Callable[[Member], Member]:
    """Put a function in the place of moto's member of the same name, or of the given one.

    Raises:
        MotoChangedError: moto has no such member (any more).
    """

    def put(member: Member) -> Member:
        called = name or _name(member)
        if not hasattr(owner, called):
            raise MotoChangedError(f"moto's {owner.__name__} has no {called} to replace")
        setattr(owner, called, member)
        return member

    return put


def add(owner: type) -> Callable[[Member], Member]:
    """Give a class of moto's a member that it lacks.

    Raises:
        MotoChangedError: moto has one of this name by now.
    """

    def put(member: Member) -> Member:
        if hasattr(owner, _name(member)):
            raise MotoChangedError(f"moto's {owner.__name__} has a {_name(member)} of its own")
        setattr(owner, _name(member), member)
        return member

    return put


def _name(member: Any) -> str:
    return str(member.__name__)
