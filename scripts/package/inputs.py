"""What a package's bytes depend on."""

import sys
import sysconfig
from importlib.metadata import version
from pathlib import Path

from scripts import files
from scripts.package.packages import Kind, Package, Platform, files_of


def fingerprint(package: Package, platform: Platform) -> str:
    """Return one SHA-256 of everything that decides what the package's bytes are."""
    inputs: list[str | bytes] = [version("deflate"), version("hatchling")]
    inputs += [builder.read_bytes() for builder in sorted(Path(__file__).parent.glob("*.py"))]
    if platform is Platform.LOCAL and package.kind is not Kind.CODE:
        inputs.append(f"{sysconfig.get_platform()} {sys.version_info[:2]}")
    root = project_of(package) if package.kind is Kind.HOST else package.source
    for path in filter(Path.is_file, _inputs(package)):
        inputs += [path.relative_to(root).as_posix(), path.read_bytes()]
    return files.fingerprint(*inputs)


def _inputs(package: Package) -> list[Path]:
    """Return the files that a package is made from."""
    if package.kind is Kind.LIBRARIES:
        return [package.source / "requirements.txt", package.source / "prune.txt"]
    if package.kind is Kind.CODE:
        return sorted(files_of(package.source))
    project = project_of(package)
    code = (project / "scripts" / package.source.stem, project / "layers" / "batchworks")
    wheel = [path for folder in code for path in sorted(files_of(folder))]
    return [package.source, project / "pyproject.toml", project / "README.md", *wheel]


def project_of(package: Package) -> Path:
    """Return the folder of the project whose wheel a host installs."""
    return package.source.parents[1]
