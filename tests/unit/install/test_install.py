"""The command `archive` is installed as locked; uv itself is played by a script."""

from pathlib import Path

import pytest

from scripts import install
from scripts.files import ROOT

UV = """#!/bin/sh
echo "$@" >> {log}
[ "$2" = dir ] && echo {bin}
exit {code}
"""


def play(monkeypatch: pytest.MonkeyPatch, folder: Path, code: int = 0) -> Path:
    """Put a script in place of uv; the file with the arguments of each call is returned."""
    log, uv = folder / "log", folder / "uv"
    uv.write_text(UV.format(log=log, bin=folder / "bin", code=code))
    uv.chmod(0o755)
    monkeypatch.setattr(install, "find_uv_bin", lambda: str(uv))
    return log


def test_it_installs_the_locked_versions_and_tells_where_the_command_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = play(monkeypatch, tmp_path)

    assert install.main() == 0

    assert f"--constraints {ROOT}/requirements/archive.txt" in log.read_text()
    printed = capsys.readouterr().out
    assert f"install: {tmp_path}/bin/archive" in printed
    assert f"needs {tmp_path}/bin in PATH" in printed


def test_a_failure_of_uv_is_one_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    play(monkeypatch, tmp_path, code=2)

    assert install.main() == 1

    assert "uv ended with 2" in capsys.readouterr().err
