"""Builds the zips that Terraform uploads: `python -m scripts.package [--platform …] [NAME…]`.

| package            | made from                         | holds                    |
| ------------------ | --------------------------------- | ------------------------ |
| `<system>`         | lambda/<system>/                  | `<system>/…`             |
| `layer-batchworks` | layers/batchworks/                | `python/batchworks/…`    |
| `layer-<system>`   | layers/<system>/requirements.txt  | `python/<third party>/…` |

The same commit gives the same bytes on every machine. A package whose inputs have not changed
is left alone; `packages.json` beside the zips remembers what they were made from.
"""

import hashlib
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

from scripts import zips

ROOT = Path(__file__).resolve().parents[1]

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
        for folder in sorted((root / "lambda").iterdir())
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


def build(
    platform: Platform, names: Iterable[str] = (), *, root: Path = ROOT, echo: bool = True
) -> dict[str, Built]:
    """Build the named packages, or all, into `<root>/build/<platform>/`.

    Returns:
        What was built or was there already, by name.

    Raises:
        PackageError: A name is unknown, an installation failed, or a limit is exceeded.
    """
    known = packages(root)
    chosen = list(names) or list(known)
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise PackageError(f"no package {', '.join(unknown)}. There are: {', '.join(known)}")

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

    _check_limits(known, records)
    return {name: records[name] for name in chosen}


def _build_one(package: Package, platform: Platform, target: Path, inputs: str) -> Built:
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".installing-") as scratch:
        if package.third_party:
            folder = Path(scratch)
            _install(package, platform, folder)
            files = {f"python/{path.relative_to(folder)}": path for path in _files(folder)}
        else:
            files = _code(package)
        zips.write(target, files)
        unzipped = sum(path.stat().st_size for path in files.values())
    return Built(inputs, _sha256(target), target.stat().st_size, unzipped)


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


def _check_limits(known: Mapping[str, Package], records: Mapping[str, Built]) -> None:
    """Refuse what AWS would refuse, or what makes cold starts slow.

    Raises:
        PackageError: A third-party layer, or a function with its layers, is too big.
    """
    sizes = {name: record.unzipped for name, record in records.items() if name in known}
    for name, size in sizes.items():
        if known[name].third_party and size >= LAYER_LIMIT:
            raise PackageError(
                f"{name} has {size / MIB:.1f} MiB unzipped, the limit is {LAYER_LIMIT // MIB}: "
                f"prune more ({known[name].source / 'prune.txt'}) or drop a dependency"
            )
    systems = [name for name in sizes if not name.startswith("layer-")]
    for name in systems:
        parts = (name, "layer-batchworks", f"layer-{name}")
        total = sum(sizes.get(part, 0) for part in parts)
        if total >= FUNCTION_LIMIT:
            raise PackageError(
                f"{name} with its layers has {total:,} bytes unzipped, Lambda takes less than "
                f"{FUNCTION_LIMIT:,}: move what few runs need out of the layers"
            )


def _fingerprint(package: Package, platform: Platform) -> str:
    """Return one SHA-256 of everything that decides what the package's bytes are."""
    digest = hashlib.sha256()
    if package.third_party:
        paths = [package.source / "requirements.txt", package.source / "prune.txt"]
    else:
        paths = sorted(_files(package.source))
    builders = [Path(__file__), Path(zips.__file__)]
    for path in [*(path for path in paths if path.is_file()), *builders]:
        name = path.name if path in builders else path.relative_to(package.source).as_posix()
        digest.update(f"{name}\0{_sha256(path)}\0".encode())
    digest.update(version("deflate").encode())
    if platform is Platform.LOCAL and package.third_party:
        digest.update(f"{sysconfig.get_platform()} {sys.version_info[:2]}".encode())
    return digest.hexdigest()


def _is_current(target: Path, record: Built | None, inputs: str) -> bool:
    return (
        record is not None
        and record.inputs == inputs
        and target.is_file()
        and _sha256(target) == record.sha256
    )


def _recall(memory: Path) -> dict[str, Built]:
    """Return what an earlier build wrote down; nothing where that is missing or unreadable."""
    try:
        return {name: Built(**record) for name, record in json.loads(memory.read_text()).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _remember(memory: Path, records: Mapping[str, Built]) -> None:
    fresh = memory.with_suffix(".part")
    text = json.dumps({name: asdict(record) for name, record in records.items()}, indent=2)
    fresh.write_text(text)
    fresh.replace(memory)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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
    names: Annotated[list[str] | None, typer.Argument(help="Packages; all by default.")] = None,
    platform: Annotated[Platform, typer.Option(help="Where they will run.")] = Platform.AWS,
) -> None:
    """Build the zips of functions and layers, byte for byte reproducible."""
    try:
        built = build(platform, names or (), root=ROOT)
    except PackageError as error:
        print(f"package: {error}", file=sys.stderr)
        raise typer.Exit(1) from error
    _show(platform, built)


if __name__ == "__main__":
    typer.run(main)
