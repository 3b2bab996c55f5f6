"""Builds the zips that Terraform uploads: `python -m scripts.package [--platform …] [--stack …]`.

| package            | made from                         | holds                    |
| ------------------ | --------------------------------- | ------------------------ |
| `<system>`         | lambda/<system>/                  | `<system>/…`             |
| `layer-batchworks` | layers/batchworks/                | `python/batchworks/…`    |
| `layer-<system>`   | layers/<system>/requirements.txt  | `python/<third party>/…` |
| `<system>-host`    | requirements/<system>.txt         | `wheels/….whl`, their    |
|                    | and this project's own wheel      | list: `requirements.txt` |

A system has further layers where there is a layers/<system>_<name>/requirements.txt.
The same commit gives the same bytes on every machine. A package whose inputs have not changed
is left alone; `packages.json` beside the zips remembers what they were made from.
"""

import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from scripts import builds, files, libraries, wheelhouse, zips
from scripts.builds import Built
from scripts.files import ROOT, sha256
from scripts.libraries import InstallError

MIB = 1024 * 1024
FUNCTION_LIMIT = 262_144_000
"""Most bytes of a function and its layers, unzipped (AWS: Lambda quotas, "250 MB")."""
LAYER_LIMIT = 120 * MIB
"""Most bytes of one third-party layer, unzipped: our own limit, for the sake of cold starts."""


class Platform(StrEnum):
    """Where a package will run."""

    AWS = "aws"  # Lambda: Python 3.13 on arm64
    LOCAL = "local"  # the Python of this environment on this host


class Kind(StrEnum):
    """What a package is made of."""

    CODE = "code"
    LIBRARIES = "libraries"
    HOST = "host"


class PackageError(Exception):
    """A package cannot be built or is too big; the message names it and says what to do."""


@dataclass(frozen=True)
class Package:
    """One zip: its name, the folder or the lock it is made from, and what it is made of."""

    name: str
    source: Path
    kind: Kind = Kind.CODE


def packages(root: Path = ROOT) -> dict[str, Package]:
    """Return every package of the project by name."""
    found = [
        Package(_kebab(folder.name), folder)
        for folder in sorted((root / "lambda").glob("*/"))
        if any(folder.glob("*.py"))
    ]
    shared = root / "layers" / "batchworks" / "batchworks"
    if shared.is_dir():
        found.append(Package("layer-batchworks", shared))
    found += [
        Package(f"layer-{_kebab(lock.parent.name)}", lock.parent, Kind.LIBRARIES)
        for lock in sorted((root / "layers").glob("*/requirements.txt"))
    ]
    found += [
        Package(f"{_kebab(lock.stem)}-host", lock, Kind.HOST)
        for lock in sorted((root / "requirements").glob("*.txt"))
        if (root / "scripts" / lock.stem).is_dir()
    ]
    return {package.name: package for package in found}


def parts(system: str, names: Iterable[str]) -> list[str]:
    """Return those of the packages' names that a system consists of; none if it has no code."""
    names = list(names)
    libraries = f"layer-{system}"
    own = {system, f"{system}-host", libraries}
    if system in names:
        own.add("layer-batchworks")
    return [name for name in names if name in own or name.startswith(f"{libraries}-")]


def build(
    platform: Platform, stack: str | None = None, *, root: Path = ROOT, echo: bool = True
) -> dict[str, Built]:
    """Build what a stack uploads, or all there is, into `<root>/build/<platform>/`.

    Returns:
        What was built or was there already, by name; nothing for a stack without code.

    Raises:
        PackageError: An installation or a download failed, or a limit is exceeded.
    """
    known = packages(root)
    chosen = list(known) if stack is None else parts(stack, known)

    folder = root / "build" / platform
    folder.mkdir(parents=True, exist_ok=True)
    memory = folder / "packages.json"
    records = builds.recall(memory)
    for name in chosen:
        target = folder / f"{name}.zip"
        inputs = _fingerprint(known[name], platform)
        if builds.is_current(target, records.get(name), inputs):
            continue
        started = time.monotonic()
        records[name] = _build_one(known[name], platform, target, inputs)
        if echo:
            print(f"package: {name} built for {platform} ({time.monotonic() - started:.1f} s)")
        builds.remember(memory, records)

    built = {name: records[name] for name in chosen}
    _check_limits(known, built)
    return built


def _build_one(package: Package, platform: Platform, target: Path, inputs: str) -> Built:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".installing-") as scratch:
        content = _content(package, platform, Path(scratch))
        zips.write(target, content)
        unzipped = sum(path.stat().st_size for path in content.values())
    return Built(inputs, sha256(target), target.stat().st_size, unzipped)


def _content(package: Package, platform: Platform, folder: Path) -> dict[str, Path]:
    """Return the files of a package by their names in the zip; `folder` takes those made here."""
    here = platform is Platform.LOCAL
    try:
        match package.kind:
            case Kind.CODE:
                return _code(package)
            case Kind.HOST:
                return wheelhouse.fill(folder, _project(package), package.source, here=here)
            case Kind.LIBRARIES:
                libraries.install(package.source, folder, here=here)
                return {f"python/{path.relative_to(folder)}": path for path in _files(folder)}
    except InstallError as error:
        raise PackageError(f"{package.name}: {error}") from error


def _project(package: Package) -> Path:
    """Return the folder of the project whose wheel a host installs."""
    return package.source.parents[1]


def _code(package: Package) -> dict[str, Path]:
    """Return the files of a function (at the top) or of a layer (below `python/`)."""
    prefix = "python/" if package.name.startswith("layer-") else ""
    top = package.source.parent
    return {f"{prefix}{path.relative_to(top)}": path for path in _files(package.source)}


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files below `folder` that belong into a zip: no bytecode, nothing hidden."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if path.is_file() and not hidden and path.suffix != ".pyc":
            yield path


def _check_limits(known: Mapping[str, Package], built: Mapping[str, Built]) -> None:
    """Refuse what AWS would refuse, or what makes cold starts slow.

    Raises:
        PackageError: A third-party layer, or a function with its layers, is too big.
    """
    sizes = {name: record.unzipped for name, record in built.items()}
    for name, size in sizes.items():
        if known[name].kind is Kind.LIBRARIES and size >= LAYER_LIMIT:
            raise PackageError(
                f"{name} has {size / MIB:.1f} MiB unzipped, the limit is {LAYER_LIMIT // MIB}: "
                f"prune more ({known[name].source / 'prune.txt'}) or drop a dependency"
            )
    functions = [name for name in sizes if not name.startswith("layer-")]
    for name in functions:
        if known[name].kind is not Kind.CODE:
            continue
        total = sum(sizes[part] for part in parts(name, sizes))
        if total >= FUNCTION_LIMIT:
            raise PackageError(
                f"{name} with its layers has {total:,} bytes unzipped, Lambda takes less than "
                f"{FUNCTION_LIMIT:,}: move what few runs need out of the layers"
            )


def _fingerprint(package: Package, platform: Platform) -> str:
    """Return one SHA-256 of everything that decides what the package's bytes are."""
    inputs: list[str | bytes] = [version("deflate"), version("hatchling")]
    builders = (__file__, zips.__file__, libraries.__file__, wheelhouse.__file__)
    inputs += [Path(builder).read_bytes() for builder in builders]
    if platform is Platform.LOCAL and package.kind is not Kind.CODE:
        inputs.append(f"{sysconfig.get_platform()} {sys.version_info[:2]}")
    root = _project(package) if package.kind is Kind.HOST else package.source
    for path in filter(Path.is_file, _inputs(package)):
        inputs += [path.relative_to(root).as_posix(), path.read_bytes()]
    return files.fingerprint(*inputs)


def _inputs(package: Package) -> list[Path]:
    """Return the files that a package is made from."""
    if package.kind is Kind.LIBRARIES:
        return [package.source / "requirements.txt", package.source / "prune.txt"]
    if package.kind is Kind.CODE:
        return sorted(_files(package.source))
    project = _project(package)
    code = (project / "scripts" / package.source.stem, project / "layers" / "batchworks")
    wheel = [path for folder in code for path in sorted(_files(folder))]
    return [package.source, project / "pyproject.toml", project / "README.md", *wheel]


def _kebab(name: str) -> str:
    return name.replace("_", "-")


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


if __name__ == "__main__":
    typer.run(main)
