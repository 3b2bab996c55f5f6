"""Builds the zips that Terraform uploads: `python -m scripts.package [--platform …] [--stack …]`.

| package            | made from                         | holds                    |
| ------------------ | --------------------------------- | ------------------------ |
| `<system>`         | lambda/<system>/                  | `<system>/…`             |
| `layer-batchworks` | layers/batchworks/                | `python/batchworks/…`    |
| `layer-<system>`   | layers/<system>/requirements.txt  | `python/<third party>/…` |

A system has further layers where there is a layers/<system>_<name>/requirements.txt.
The same commit gives the same bytes on every machine. A package whose inputs have not changed
is left alone; `packages.json` beside the zips remembers what they were made from.
"""

import json
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from uv import find_uv_bin

from scripts import files, zips
from scripts.files import ROOT, sha256

MIB = 1024 * 1024
FUNCTION_LIMIT = 262_144_000
"""Most bytes of a function and its layers, unzipped (AWS: Lambda quotas, "250 MB")."""
LAYER_LIMIT = 120 * MIB
"""Most bytes of one third-party layer, unzipped: our own limit, for the sake of cold starts."""

# Differs between machines or runs, and nothing in Lambda reads it.
_INSTALLER_TRACES = (
    "bin",
    "*.dist-info/RECORD",
    "*.dist-info/INSTALLER",
    "*.dist-info/REQUESTED",
    "*.dist-info/direct_url.json",
    "*.dist-info/uv_cache.json",
)


class Platform(StrEnum):
    """Where a package will run."""

    AWS = "aws"  # Lambda: Python 3.13 on arm64
    LOCAL = "local"  # the Python of this environment on this host


class PackageError(Exception):
    """A package cannot be built or is too big; the message names it and says what to do."""


@dataclass(frozen=True)
class Package:
    """One zip: its name, the folder it is made from, and whether that lists third parties."""

    name: str
    source: Path
    third_party: bool = False


@dataclass(frozen=True)
class Built:
    """What is known of a zip: SHA-256 of inputs and of the zip, sizes in bytes."""

    inputs: str
    sha256: str
    zipped: int
    unzipped: int


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
        Package(f"layer-{_kebab(lock.parent.name)}", lock.parent, third_party=True)
        for lock in sorted((root / "layers").glob("*/requirements.txt"))
    ]
    return {package.name: package for package in found}


def parts(system: str, names: Iterable[str]) -> list[str]:
    """Return those of the packages' names that a system consists of; none if it has no code."""
    own = f"layer-{system}"
    names = list(names)
    if system not in names:
        return []
    return [
        name
        for name in names
        if name in {system, "layer-batchworks", own} or name.startswith(f"{own}-")
    ]


def build(
    platform: Platform, stack: str | None = None, *, root: Path = ROOT, echo: bool = True
) -> dict[str, Built]:
    """Build what a stack uploads, or all there is, into `<root>/build/<platform>/`.

    Returns:
        What was built or was there already, by name; nothing for a stack without a function.

    Raises:
        PackageError: An installation failed, or a limit is exceeded.
    """
    known = packages(root)
    chosen = list(known) if stack is None else parts(stack, known)

    folder = root / "build" / platform
    folder.mkdir(parents=True, exist_ok=True)
    memory = folder / "packages.json"
    records = _recall(memory)
    for name in chosen:
        target = folder / f"{name}.zip"
        inputs = _fingerprint(known[name], platform)
        if _is_current(target, records.get(name), inputs):
            continue
        started = time.monotonic()
        records[name] = _build_one(known[name], platform, target, inputs)
        if echo:
            print(f"package: {name} built for {platform} ({time.monotonic() - started:.1f} s)")
        _remember(memory, records)

    built = {name: records[name] for name in chosen}
    _check_limits(known, built)
    return built


def _build_one(package: Package, platform: Platform, target: Path, inputs: str) -> Built:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".installing-") as scratch:
        if package.third_party:
            folder = Path(scratch)
            _install(package, platform, folder)
            content = {f"python/{path.relative_to(folder)}": path for path in _files(folder)}
        else:
            content = _code(package)
        zips.write(target, content)
        unzipped = sum(path.stat().st_size for path in content.values())
    return Built(inputs, sha256(target), target.stat().st_size, unzipped)


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


def _install(package: Package, platform: Platform, folder: Path) -> None:
    """Install a layer's third-party packages into `folder` and prune them."""
    target = {
        Platform.AWS: ["--python-platform", "aarch64-manylinux_2_28", "--python-version", "3.13"],
        Platform.LOCAL: ["--python", sys.executable],
    }[platform]
    lock = package.source / "requirements.txt"
    command: list[str | Path] = [
        find_uv_bin(), "pip", "install", "--quiet", "--system-certs", "--no-deps",
        "--require-hashes", "--only-binary", ":all:", "--link-mode", "copy", *target,
        "--target", folder, "-r", lock,
    ]  # fmt: skip
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        raise PackageError(
            f"{package.name}: cannot install {lock} for {platform}. uv says:\n{done.stderr}"
        )
    prune(folder, _INSTALLER_TRACES)
    pruned = package.source / "prune.txt"
    if pruned.is_file():
        prune(folder, pruned.read_text().splitlines())


def prune(folder: Path, lines: Iterable[str]) -> None:
    """Delete below `folder` what the globs in `lines` match; `!glob` keeps files from that.

    Empty lines and those that begin with `#` say why and do nothing.
    """
    globs = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    kept = {path for glob in globs if glob.startswith("!") for path in folder.glob(glob[1:])}
    for glob in globs:
        for path in [] if glob.startswith("!") else list(folder.glob(glob)):
            if path in kept or not path.exists():
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def _check_limits(known: Mapping[str, Package], built: Mapping[str, Built]) -> None:
    """Refuse what AWS would refuse, or what makes cold starts slow.

    Raises:
        PackageError: A third-party layer, or a function with its layers, is too big.
    """
    sizes = {name: record.unzipped for name, record in built.items()}
    for name, size in sizes.items():
        if known[name].third_party and size >= LAYER_LIMIT:
            raise PackageError(
                f"{name} has {size / MIB:.1f} MiB unzipped, the limit is {LAYER_LIMIT // MIB}: "
                f"prune more ({known[name].source / 'prune.txt'}) or drop a dependency"
            )
    systems = [name for name in sizes if not name.startswith("layer-")]
    for name in systems:
        total = sum(sizes[part] for part in parts(name, sizes))
        if total >= FUNCTION_LIMIT:
            raise PackageError(
                f"{name} with its layers has {total:,} bytes unzipped, Lambda takes less than "
                f"{FUNCTION_LIMIT:,}: move what few runs need out of the layers"
            )


def _fingerprint(package: Package, platform: Platform) -> str:
    """Return one SHA-256 of everything that decides what the package's bytes are."""
    if package.third_party:
        paths = [package.source / "requirements.txt", package.source / "prune.txt"]
    else:
        paths = sorted(_files(package.source))
    inputs: list[str | bytes] = [version("deflate")]
    inputs += [Path(builder).read_bytes() for builder in (__file__, zips.__file__)]
    if platform is Platform.LOCAL and package.third_party:
        inputs.append(f"{sysconfig.get_platform()} {sys.version_info[:2]}")
    for path in filter(Path.is_file, paths):
        inputs += [path.relative_to(package.source).as_posix(), path.read_bytes()]
    return files.fingerprint(*inputs)


def _is_current(target: Path, record: Built | None, inputs: str) -> bool:
    return (
        record is not None
        and record.inputs == inputs
        and target.is_file()
        and sha256(target) == record.sha256
    )


def _recall(memory: Path) -> dict[str, Built]:
    """Return what an earlier build wrote down; nothing where that is missing or unreadable."""
    try:
        return {name: Built(**record) for name, record in json.loads(memory.read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _remember(memory: Path, records: Mapping[str, Built]) -> None:
    known = {name: asdict(record) for name, record in records.items()}
    files.write(memory, json.dumps(known, indent=2))


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
