"""`make model`: ResNet-50 as a file, and with ENV= in that environment's raw bucket.

It needs internet: PyPI for PyTorch (3 GB, in an environment of its own that uv keeps in its
cache), and download.pytorch.org for the weights.
"""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from uv import find_uv_bin

from batchworks.errors import JobError
from nas_sync import clients
from nas_sync.images import extractor
from scripts.environments import Environment
from scripts.exits import Exit, code_of
from scripts.nas_sync import deployed

NAME = "resnet50-imagenet1k-v2.onnx"
KEY = f"models/{NAME}"
_EXPORT = Path(__file__).with_name("resnet50.py")
_PYTORCH = ("torch==2.9.1", "torchvision==0.24.1", "onnx==1.19.1")  # versions that belong together

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
console = Console(stderr=True, highlight=False, soft_wrap=True)


@app.command()
def main(
    env: Annotated[
        Environment | None, typer.Option(help="in whose raw bucket it is put; else in none")
    ] = None,
    folder: Annotated[Path, typer.Option(help="where the file is put")] = Path("build/models"),
) -> None:
    """Export ResNet-50 without its last layer, print its SHA-256, and upload it."""
    raise typer.Exit(code_of(lambda: run(env, folder), console))


def run(env: Environment | None, folder: Path) -> Exit:
    """Export, try, tell and upload.

    Raises:
        JobError: PyTorch or the weights can't be had.
        ModelError: what was exported isn't such a model.
        SettingsError: nothing is deployed in the environment.
    """
    path = folder / NAME
    if not path.exists():  # its SHA-256 comes before the bucket, its upload after
        export(path)
    extractor.start({"model": str(path), "threads": 1})
    console.print(f"{path}: {path.stat().st_size:,} bytes. The stack's setting:")
    print(f'model = {{ key = "{KEY}", sha256 = "{sha256(path)}" }}')
    if env:
        console.print(f"uploaded to {upload(path, env)}")
    return Exit.DONE


def export(path: Path) -> None:
    """Write the model, in an environment that has PyTorch."""
    path.parent.mkdir(parents=True, exist_ok=True)
    packages = [part for package in _PYTORCH for part in ("--with", package)]
    uv = [find_uv_bin(), "run", "--no-project", "--python", "3.12", *packages]
    console.print("exporting ResNet-50; the first time, PyTorch is downloaded: 3 GB")
    if code := subprocess.run([*uv, "python", str(_EXPORT), str(path)], check=False).returncode:
        raise JobError(
            f"ResNet-50 can't be exported to {path} (exit code {code}, see above): that needs "
            "internet. On a machine without it, bring the file from one that has"
        )


def sha256(path: Path) -> str:
    """As hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def upload(path: Path, env: Environment) -> str:
    """Put the model into an environment's raw bucket; its address."""
    deployed.enter(env)
    given = deployed.variables(env, "ImageFeatureExtractor", "RAW_BUCKET")
    bucket = given.required("RAW_BUCKET", "the bucket that DataSync writes to")
    clients.s3().upload_file(str(path), bucket, KEY)
    return f"s3://{bucket}/{KEY}"


if __name__ == "__main__":
    app()
