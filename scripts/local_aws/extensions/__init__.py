"""What moto lacks, one module per service, named as moto names the service.

A module changes moto when it is imported, with `patching.replace`, and begins by saying what moto
lacks. It is loaded together with the service: to complete another service, put a module of its
name here. When moto gains what one completes, delete it.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec


def load(service: str) -> None:
    """Load the extension of a service, if it has one."""
    module = f"{__name__}.{service}"
    if service.isidentifier() and find_spec(module):
        import_module(module)
