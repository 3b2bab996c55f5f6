"""What the estate lends to each system: a module here bears the system's name and has `SYSTEM`.

A system without a module needs nothing but what every stack gets: AWS, the network, PostgreSQL
and the bucket of the state.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scripts.local_estate.estate import Estate

Outputs = Mapping[str, Any]


@dataclass(frozen=True)
class Server:
    """A server of a system: `python -m <module> --home <folder>`.

    Attributes:
        module: what to run.
        ready: name of the JSON file, with its `pid`, that it writes as soon as it answers.
    """

    module: str
    ready: str


def _nothing(_: Estate) -> dict[str, Any]:
    return {}


def _none_started(_: Path) -> None:
    return


def _no_advice(_: Estate, __: Outputs) -> str:
    return ""


@dataclass(frozen=True)
class System:
    """What a system needs around its stack on one machine.

    Attributes:
        servers: run as long as the estate does.
        lend: makes databases, secrets, buckets, or finds them; returns the stack's settings.
        take_back: stops what `lend` started in an estate's folder, if it still runs.
        hand_over: is told the outputs of the applied stack; returns what a person may try.
    """

    servers: tuple[Server, ...] = ()
    lend: Callable[[Estate], dict[str, Any]] = _nothing
    take_back: Callable[[Path], None] = _none_started
    hand_over: Callable[[Estate, Outputs], str] = _no_advice


def of(stack: str) -> System:
    """The system of a stack."""
    return known().get(stack) or System()


def known() -> dict[str, System]:
    """Every system with a module of its own, by the name of its stack."""
    return {
        module.name.replace("_", "-"): import_module(f"{__name__}.{module.name}").SYSTEM
        for module in pkgutil.iter_modules(__path__)
    }
