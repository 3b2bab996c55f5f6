"""`make model`: ResNet-50 as a file, and with ENV= in that environment's raw bucket.

It needs internet: PyPI for PyTorch (about 3 GB, in an environment that is thrown away), and
download.pytorch.org for the weights.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Annotated

import boto3
import typer
from rich.console import Console

from batchworks.errors import JobError, SettingsError
from nas_sync.images import extractor
from scripts.environments import REGION, Environment, function_name, lasting_estate
from scripts.nas_sync.stand_in import stand_in

__all__ = ["stand_in"]

KEY = "models/resnet50-imagenet1k-v2.onnx"
STACK = "nas-sync"
_FUNCTION = "ImageFeatureExtractor"
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
    try:
        path = export(folder / Path(KEY).name)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        console.print(f"{path}: {path.stat().st_size:,} bytes")
        if env:
            console.print(f"uploaded to s3://{upload(path, env)}/{KEY}")
        print(f"MODEL_KEY    {KEY}\nMODEL_SHA256 {sha256}")
    except JobError as error:
        console.print(f"[bold red]failed:[/] {error}")
        raise typer.Exit(1) from None


def export(path: Path) -> Path:
    """Write the model, and try it.

    Raises:
        JobError: PyTorch or the weights can't be had.
        ModelError: the file isn't such a model.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    packages = [part for package in _PYTORCH for part in ("--with", package)]
    uv = ["uv", "run", "--no-project", "--python", "3.12", *packages]
    command = [*uv, "python", str(_EXPORT), str(path)]
    console.print("exporting ResNet-50; the first time, PyTorch is downloaded: about 3 GB")
    if code := subprocess.run(command, check=False).returncode:
        raise JobError(
            f"ResNet-50 can't be exported (exit code {code}): that needs internet, see above. On a "
            "machine without it, copy the file from one that has"
        )
    extractor.start({"model": str(path), "threads": 1})
    return path


def upload(path: Path, env: Environment) -> str:
    """Put the model into an environment's raw bucket; the bucket's name.

    Raises:
        SettingsError: nothing is deployed there.
    """
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    if env is Environment.LOCAL:
        os.environ.update(lasting_estate(STACK).environment())
    bucket = os.environ.get("RAW_BUCKET") or _raw_bucket(env)
    boto3.client("s3").upload_file(str(path), bucket, KEY)
    return bucket


def _raw_bucket(env: Environment) -> str:
    client = boto3.client("lambda")
    name = function_name(_FUNCTION, env)
    try:
        found = client.get_function_configuration(FunctionName=name)
    except client.exceptions.ResourceNotFoundException:
        raise SettingsError(
            f"there is no function {name}: deploy the stack {STACK} to {env}, or give RAW_BUCKET"
        ) from None
    return found["Environment"]["Variables"]["RAW_BUCKET"]


if __name__ == "__main__":
    app()
