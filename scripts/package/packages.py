"""Which packages the project has, and which of them make a system."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scripts.files import ROOT


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


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the files below `folder` that belong into a zip: no bytecode, nothing hidden."""
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if path.is_file() and not hidden and path.suffix != ".pyc":
            yield path


def _kebab(name: str) -> str:
    return name.replace("_", "-")
