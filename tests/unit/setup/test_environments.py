"""Environments are made for real, from wheels made on the spot."""

import sys
from pathlib import Path

import pytest
from uv import find_uv_bin

from scripts.setup import environments
from scripts.setup.console import SetupError, answer
from tests import wheels

PYTHON = Path(sys.executable)


def lock(folder: Path, version: str) -> Path:
    """Write a lock that pins package `thing` in one version."""
    wheel = wheels.wheel(folder, "thing", {"thing.py": f"VERSION = '{version}'\n"}, version)
    path = folder / "thing.txt"
    path.write_text(wheels.lock(wheel))
    return path


def installed(environment: Path) -> str | None:
    code = "import thing; print(thing.VERSION)"
    return answer([environments.python_of(environment), "-c", code])


def test_an_environment_holds_what_the_lock_names(tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    environments.install(environment, lock(tmp_path, "1.0"), python=PYTHON)
    assert installed(environment) == "1.0"

    environments.install(environment, lock(tmp_path, "2.0.1"), python=PYTHON)
    assert installed(environment) == "2.0.1"


def test_what_is_up_to_date_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment = tmp_path / "environment"
    environments.install(environment, lock(tmp_path, "1.0"), python=PYTHON)
    mark = environment / "mark"
    mark.touch()

    environments.install(environment, lock(tmp_path, "1.0"), python=PYTHON)

    assert mark.exists()
    assert capsys.readouterr().out.endswith("setup: environment is up to date\n")


def test_an_interrupted_installation_is_repeated(tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    missing = lock(tmp_path, "1.0")
    missing.write_text(missing.read_text().replace("thing-1.0", "thing-9.9"))
    with pytest.raises(SetupError, match="exit code"):
        environments.install(environment, missing, python=PYTHON)

    environments.install(environment, lock(tmp_path, "1.0"), python=PYTHON)

    assert installed(environment) == "1.0"


def test_a_broken_interpreter_means_a_new_environment(tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    environments.install(environment, lock(tmp_path, "1.0"), python=PYTHON)
    python = environments.python_of(environment)
    python.unlink()
    python.symlink_to(tmp_path / "removed")

    environments.install(environment, lock(tmp_path, "1.0"), python=PYTHON)

    assert installed(environment) == "1.0"


def test_a_package_with_another_hash_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    environment = tmp_path / "environment"
    tampered = lock(tmp_path, "1.0")
    wheels.wheel(tmp_path, "thing", {"thing.py": "VERSION = 'evil'\n"}, "1.0")

    with pytest.raises(SetupError, match=r"exit code 1 from: .*pip sync"):
        environments.install(environment, tampered, python=PYTHON)

    assert "Hash mismatch" in capfd.readouterr().err
    assert installed(environment) is None


def test_where_uv_is_missing_pip_installs_the_pinned_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = f"#!python\nimport os, sys\nos.execv({find_uv_bin()!r}, ['uv', *sys.argv[1:]])\n"
    uv = wheels.wheel(tmp_path, "uv", {"uv-1.0.data/scripts/uv": launcher})
    (tmp_path / "uv.txt").write_text(wheels.lock(uv))
    monkeypatch.setattr(environments, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(environments, "TOOLS", tmp_path / "tools")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("PIP_NO_INDEX", "1")

    environments.install(tmp_path / "one", lock(tmp_path, "1.0"), python=PYTHON)
    (tmp_path / "uv.txt").unlink()
    environments.install(tmp_path / "two", lock(tmp_path, "1.0"), python=PYTHON)

    assert installed(tmp_path / "one") == installed(tmp_path / "two") == "1.0"
    assert (tmp_path / "tools" / "uv" / "bin" / "uv").exists()


def test_the_lambda_runtime_has_the_python_of_the_layers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock(tmp_path, "1.0").rename(tmp_path / "lambda-runtime.txt")
    monkeypatch.setattr(environments, "REQUIREMENTS", tmp_path)
    monkeypatch.setattr(environments, "LAMBDA_RUNTIME", tmp_path / "runtime")
    monkeypatch.setattr(environments, "WORKING", tmp_path / "missing")
    with pytest.raises(SetupError, match=r"needs \.venv first: run `make setup`"):
        environments.lambda_runtime()

    monkeypatch.setattr(environments, "WORKING", Path(sys.prefix))
    environments.lambda_runtime()

    assert installed(tmp_path / "runtime") == "1.0"
    boto3 = answer([environments.python_of(tmp_path / "runtime"), "-c", "import boto3"])
    assert boto3 is None
