"""Builds the packages that a stack needs, each only when what it is made from has changed."""

import fcntl
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from scripts.files import ROOT, sha256
from scripts.package import builds, inputs, libraries, limits, wheelhouse, zips
from scripts.package.builds import Built
from scripts.package.libraries import InstallError
from scripts.package.packages import (
    Kind,
    Package,
    PackageError,
    Platform,
    files_of,
    packages,
    parts,
)


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
    with _alone(folder):
        built = _build(folder, {name: known[name] for name in chosen}, platform, echo=echo)
    limits.check(known, built)
    return built


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time build into a folder; others wait, and find what it has built."""
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build(
    folder: Path, chosen: Mapping[str, Package], platform: Platform, *, echo: bool
) -> dict[str, Built]:
    memory = folder / "packages.json"
    records = builds.recall(memory)
    for name, package in chosen.items():
        target = folder / f"{name}.zip"
        made_from = inputs.fingerprint(package, platform)
        if builds.is_current(target, records.get(name), made_from):
            continue
        started = time.monotonic()
        records[name] = _build_one(package, platform, target, made_from)
        if echo:
            print(f"package: {name} built for {platform} ({time.monotonic() - started:.1f} s)")
        builds.remember(memory, records)
    return {name: records[name] for name in chosen}


def _build_one(package: Package, platform: Platform, target: Path, made_from: str) -> Built:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".installing-") as scratch:
        content = _content(package, platform, Path(scratch))
        zips.write(target, content)
        unzipped = sum(path.stat().st_size for path in content.values())
    return Built(made_from, sha256(target), target.stat().st_size, unzipped)


def _content(package: Package, platform: Platform, folder: Path) -> dict[str, Path]:
    """Return the files of a package by their names in the zip; `folder` takes those made here."""
    here = platform is Platform.LOCAL
    try:
        match package.kind:
            case Kind.CODE:
                return _code(package)
            case Kind.HOST:
                return wheelhouse.fill(
                    folder, inputs.project_of(package), package.source, here=here
                )
            case Kind.LIBRARIES:
                libraries.install(package.source, folder, here=here)
                return {f"python/{path.relative_to(folder)}": path for path in files_of(folder)}
    except InstallError as error:
        raise PackageError(f"{package.name}: {error}") from error


def _code(package: Package) -> dict[str, Path]:
    """Return the files of a function (at the top) or of a layer (below `python/`)."""
    prefix = "python/" if package.name.startswith("layer-") else ""
    top = package.source.parent
    return {f"{prefix}{path.relative_to(top)}": path for path in files_of(package.source)}
