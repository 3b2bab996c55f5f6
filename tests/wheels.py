"""Wheels and locks made on the spot, for tests of what installs packages."""

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path


def wheel(folder: Path, name: str, files: Mapping[str, str], version: str = "1.0") -> Path:
    """Write a pure-Python wheel with `files` (path → text) into `folder`."""
    info = f"{name}-{version}.dist-info"
    content = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,\n" for path in [*content, f"{info}/RECORD"])
    target = folder / f"{name}-{version}-py3-none-any.whl"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for path, text in {**content, f"{info}/RECORD": record}.items():
            entry = zipfile.ZipInfo(path)
            entry.external_attr = (0o100755 if ".data/scripts/" in path else 0o100644) << 16
            archive.writestr(entry, text)
    return target


def lock(*wheels: Path) -> str:
    """Return a requirements file that pins wheels by path and hash."""
    return "".join(
        f"{path.name.split('-')[0]} @ {path.as_uri()} "
        f"--hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"
        for path in wheels
    )
