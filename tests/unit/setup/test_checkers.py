"""Linters come from PATH or from Go; Go itself is played by a script."""

from pathlib import Path

import pytest

from scripts.setup import checkers
from scripts.setup.console import SetupError
from tests.unit.setup.programs import program


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "path"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/bin")
    monkeypatch.setattr(checkers, "TOOLS", tmp_path / "tools")
    return folder


def test_linters_in_path_are_taken(path: Path) -> None:
    for name in checkers.PINNED:
        program(path, name, "echo 1")

    checkers.ensure()

    assert checkers.find("tflint") == path / "tflint"


def test_missing_ones_are_built_at_their_pinned_version(path: Path, tmp_path: Path) -> None:
    program(path, "tflint", "exit 1")
    program(
        path,
        "go",
        '[ "$1" = version ] && exit',
        'module="${2%@v*}"; mkdir -p "$GOBIN"',
        'printf "#!/bin/sh\\necho $2" > "$GOBIN/${module##*/}"',
        'chmod +x "$GOBIN/${module##*/}"',
    )

    checkers.ensure()

    assert checkers.find("tflint") == tmp_path / "tools" / "bin" / "tflint"
    assert checkers.find("actionlint") == tmp_path / "tools" / "bin" / "actionlint"


def test_a_failed_build_shows_what_go_said(path: Path) -> None:
    program(path, "go", '[ "$1" = version ] && exit', "echo no space left on device >&2; exit 1")
    with pytest.raises(SetupError, match=r"exit code 1 from: go install .*\nno space left"):
        checkers.ensure()


@pytest.mark.usefixtures("path")
def test_without_go_it_says_what_to_install() -> None:
    with pytest.raises(SetupError, match=r"tflint is not in PATH .* Install tflint, or Go"):
        checkers.ensure()
