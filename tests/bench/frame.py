"""What a benchmark yields, and how figures are compared, shown and judged."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

Benchmark = Callable[[Path], Iterator["Figure"]]
"""Gets an empty folder of its own; its docstring's first line says what it measures."""


@dataclass(frozen=True)
class Figure:
    """A measurement beside what it is compared with. The texts are for people."""

    subject: str
    measured: str
    peer: str
    result: str
    target: str
    met: bool


def seconds(action: Callable[[], object]) -> float:
    """How long an action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def times_faster(subject: str, ours: float, peer: str, theirs: float, *, at_least: float) -> Figure:
    """The same work done by us and by a peer, in seconds; the target is a ratio."""
    ratio = theirs / ours
    return Figure(
        subject,
        f"{ours:.2f} s",
        f"{peer}: {theirs:.2f} s",
        f"{ratio:.1f} ×",
        f"≥ {at_least:g} ×",
        ratio >= at_least,
    )


def below(subject: str, measured: float, unit: str, *, limit: float, how: str) -> Figure:
    """A measurement that stays below a limit; `how` says how it was taken."""
    return Figure(
        subject,
        f"{measured:.0f} {unit}",
        how,
        f"{measured / limit:.0%} of it",
        f"< {limit:g} {unit}",
        measured < limit,
    )


def skipped(subject: str, why: str) -> Figure:
    """Nothing was measured, which is no failure."""
    return Figure(subject, "–", "–", f"skipped: {why}", "–", met=True)


def run(benchmarks: Iterable[Benchmark], home: Path, console: Console) -> int:
    """Run the benchmarks, print a table, return the exit code: 1 when a target is missed."""
    if (load := os.getloadavg()[0]) > 1:
        console.print(f"[yellow]this machine is busy (load {load:.1f}): ratios will be too low[/]")
    figures: list[Figure] = []
    for number, benchmark in enumerate(benchmarks):
        folder = home / str(number)
        folder.mkdir(parents=True)
        console.print(f"[dim]…[/] {(benchmark.__doc__ or '').splitlines()[0]}")
        figures += benchmark(folder)
    console.print(_table(figures))
    missed = [figure for figure in figures if not figure.met]
    for figure in missed:
        console.print(f"[red]missed[/] {figure.subject}: {figure.result}, not {figure.target}")
    return 1 if missed else 0


def _table(figures: Iterable[Figure]) -> Table:
    table = Table()
    for heading in ("what", "measured", "against", "result", "target", ""):
        table.add_column(heading, overflow="fold")
    for figure in figures:
        mark = "[green]✓[/]" if figure.met else "[red]✗[/]"
        table.add_row(
            figure.subject, figure.measured, figure.peer, figure.result, figure.target, mark
        )
    return table
