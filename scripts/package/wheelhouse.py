"""What a host without internet installs: its wheels, and a list of them with their hashes.

`pip install --no-index --find-links wheels --require-hashes -r requirements.txt` installs it all.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from packaging.requirements import Requirement
from packaging.utils import parse_wheel_filename

from scripts.files import sha256
from scripts.package import zips
from scripts.package.libraries import InstallError

_LINUX_ARM64 = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "aarch64",
    "implementation_version": "3.13.0",
    "platform_python_implementation": "CPython",
    "platform_release": "",
    "platform_system": "Linux",
    "platform_version": "",
    "python_full_version": "3.13.0",
    "python_version": "3.13",
    "sys_platform": "linux",
}
# Amazon Linux 2023 has glibc 2.34, with which wheels for 2.28 and older ones work.
_GLIBC = [f"manylinux_2_{minor}_aarch64" for minor in range(28, 16, -1)]
_ON_LINUX_ARM64 = [
    *("--python-version", "3.13", "--implementation", "cp"),
    *("--abi", "cp313", "--abi", "abi3", "--abi", "none"),
    *(f"--platform={tag}" for tag in (*_GLIBC, "manylinux2014_aarch64")),
]


def fill(folder: Path, project: Path, lock: Path, *, here: bool) -> dict[str, Path]:
    """Put the project's own wheel and those it is locked with into a folder, and list them.

    Args:
        folder: an empty one.
        project: has the pyproject.toml.
        lock: requirements with hashes.
        here: for this host and Python; else for Python 3.13 on Linux, arm64, glibc 2.28 or newer.

    Returns:
        All files by the name they are to have: `wheels/….whl`, `requirements.txt`.

    Raises:
        InstallError: a wheel can't be built or downloaded.
    """
    wheels = folder / "wheels"
    _download(lock, wheels, here=here)
    _build(project, wheels)
    listed = folder / "requirements.txt"
    listed.write_text("".join(_line(wheel) for wheel in sorted(wheels.iterdir())))
    return {listed.name: listed, **{f"wheels/{wheel.name}": wheel for wheel in wheels.iterdir()}}


def _download(lock: Path, wheels: Path, *, here: bool) -> None:
    with TemporaryDirectory() as scratch:
        wanted = Path(scratch) / "wanted.txt"
        wanted.write_text("\n".join(_entries(lock.read_text(), {} if here else _LINUX_ARM64)))
        _run(
            f"download what {lock} names",
            *("pip", "download", "--quiet", "--no-deps", "--require-hashes"),
            *("--only-binary", ":all:", "--dest", str(wheels), "--requirement", str(wanted)),
            *([] if here else _ON_LINUX_ARM64),
        )


def _entries(lock: str, differs: Mapping[str, str]) -> Iterator[str]:
    """The entries of a lock that a host needs, each on one line, without its condition.

    Args:
        lock: text of the file.
        differs: in what the host differs from this one, as environment markers.
    """
    for entry in re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", lock).strip()):
        text, *hashes = re.split(r"[\s\\]+(?=--hash=)", entry.strip())
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate(differs):
            requirement.marker = None
            yield " ".join([str(requirement), *hashes])


def _build(project: Path, wheels: Path) -> None:
    """Build the project's own wheel, and compress it anew: each zlib gives other bytes."""
    with TemporaryDirectory() as scratch:
        _run(
            f"build the wheel of {project}",
            *("hatchling", "build", "--target", "wheel", "--directory", scratch),
            project=project,
        )
        (built,) = Path(scratch).glob("*.whl")
        content = Path(scratch) / "content"
        with zipfile.ZipFile(built) as wheel:
            wheel.extractall(content)
        files = (path for path in content.rglob("*") if path.is_file())
        zips.write(
            wheels / built.name, {path.relative_to(content).as_posix(): path for path in files}
        )


def _line(wheel: Path) -> str:
    name, version, *_ = parse_wheel_filename(wheel.name)
    return f"{name}=={version} --hash=sha256:{sha256(wheel)}\n"


def _run(what: str, *arguments: str, project: Path | None = None) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=project, check=False, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise InstallError(f"cannot {what}:\n{done.stderr or done.stdout}")
