"""What a developer types to build packages, and sees of them."""

import sys
from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from scripts.files import ROOT
from scripts.package.building import build
from scripts.package.builds import Built
from scripts.package.limits import MIB
from scripts.package.packages import PackageError, Platform


def _show(platform: Platform, built: Mapping[str, Built]) -> None:
    table = Table("package", "zip", "unzipped", "sha256", title=f"build/{platform}")
    table.columns[1].justify = table.columns[2].justify = "right"
    for name, record in built.items():
        table.add_row(name, _size(record.zipped), _size(record.unzipped), record.sha256[:16])
    Console().print(table)


def _size(size: int) -> str:
    return f"{size / MIB:.1f} MiB" if size >= MIB else f"{size / 1024:.1f} KiB"


def main(
    platform: Annotated[Platform, typer.Option(help="Where they will run.")] = Platform.AWS,
    stack: Annotated[str | None, typer.Option(help="Only what this stack uploads.")] = None,
) -> None:
    """Build the zips of functions and layers, byte for byte reproducible."""
    try:
        built = build(platform, stack, root=ROOT)
    except PackageError as error:
        print(f"package: {error}", file=sys.stderr)
        raise typer.Exit(1) from error
    if built:
        _show(platform, built)
    else:
        print(f"package: there is no code of {stack} in lambda/, so there is nothing to build")
