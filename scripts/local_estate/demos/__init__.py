"""What `make demo` shows of each system: a module here bears its name and has `demo` and `NEXT`."""

from __future__ import annotations

import pkgutil
import time
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from scripts.local_estate import estate
from scripts.local_estate.deploy import Deployed, deploy
from scripts.local_estate.steps import console, step

HOME = Path(".local/demo")


class NoDemoError(Exception):
    """The stack has no demo."""


class Demo(Protocol):
    """What a module of this folder holds."""

    NEXT: str
    """What a person may try next; printed at the end."""

    def demo(self, deployed: Deployed) -> bool:
        """Use the applied stack and show what came of it; tell whether all went well."""


def names() -> list[str]:
    """The stacks that have a demo."""
    return [module.name.replace("_", "-") for module in pkgutil.iter_modules(__path__)]


def show(stack: str) -> int:
    """Deploy a stack on an estate of its own, show its demo, stop everything.

    Returns:
        The exit code: 0 when all went well.

    Raises:
        NoDemoError: there is none for this stack.
    """
    if stack not in names():
        raise NoDemoError(f"{stack} has no demo. There are: {', '.join(names())}")
    module = cast("Demo", import_module(f"{__name__}.{stack.replace('-', '_')}"))
    home = HOME / stack
    began = time.monotonic()
    estate.stop(home)  # left by a demo that was killed
    try:
        went_well = module.demo(deploy(stack, home))
    finally:
        with step("stop all that runs"):
            estate.stop(home)
    console.print(f"\n{time.monotonic() - began:.0f} s in all.\n")
    console.print(module.NEXT, soft_wrap=True)
    return 0 if went_well else 1
