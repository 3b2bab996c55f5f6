"""`make model`, but for PyTorch: what it does with the file that it exported."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from scripts.nas_sync import model as command

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

Make = Callable[..., Result]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    return lambda *options: CliRunner().invoke(command.app, ["--folder", str(tmp_path), *options])


@pytest.fixture
def exported(model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(model, tmp_path / command.NAME))


def test_the_setting_of_the_stack_is_printed(make: Make, exported: Path) -> None:
    made = make()

    sha256 = hashlib.sha256(exported.read_bytes()).hexdigest()
    assert made.exit_code == 0
    assert made.stdout == f'model = {{ key = "{command.KEY}", sha256 = "{sha256}" }}\n'


def test_an_environment_gets_the_file(make: Make, exported: Path, raw_bucket: S3Client) -> None:
    made = make("--env", "dev")

    uploaded = raw_bucket.get_object(Bucket="raw", Key=command.KEY)["Body"].read()
    assert (made.exit_code, uploaded) == (0, exported.read_bytes())


def test_a_file_that_is_no_model_is_not_uploaded(
    make: Make, tmp_path: Path, raw_bucket: S3Client
) -> None:
    (tmp_path / command.NAME).write_bytes(b"cut off")

    made = make("--env", "dev")

    assert made.exit_code == 1
    assert "the image model can't be used" in made.stderr
    assert raw_bucket.list_objects_v2(Bucket="raw")["KeyCount"] == 0


def test_an_export_that_fails_says_what_it_needs(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\nexit 7\n")
    uv.chmod(0o755)
    monkeypatch.setattr(command, "find_uv_bin", lambda: str(uv))

    made = make()

    assert made.exit_code == 1
    assert "(exit code 7, see above): that needs internet" in made.stderr
