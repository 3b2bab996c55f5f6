"""Shows the steps of a demo as they happen, each with its time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

console = Console(highlight=False)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Show that a step is under way, and its time once it is done or has failed."""
    began = time.monotonic()
    mark = "[red]✗[/red]"
    try:
        with console.status(title):
            yield
        mark = "[green]✓[/green]"
    finally:
        console.print(f"{mark} {title:<58} {time.monotonic() - began:6.1f} s")
