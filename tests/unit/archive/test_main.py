"""The command line of `archive`: help at once, wrong arguments told in Japanese."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from scripts.archive.__main__ import COMMANDS, main
from scripts.archive.exits import Exit
from tests.conftest import Database


def _run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["archive", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert callable(import_module(f"scripts.archive.{name}.command").command)

    code, out, _ = _run(monkeypatch, capsys, name, "--help")

    assert code == Exit.DONE
    assert f"archive {name}" in out


def test_help_names_every_command_and_imports_none() -> None:
    program = (
        "import sys; sys.argv = ['archive', '--help']\n"
        "from scripts.archive.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('boto3', 'psycopg2', 'streamlit') if name in sys.modules])"
    )

    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout

    assert all(f" {name} " in said for name in COMMANDS)
    assert said.endswith("[]\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["put"], "LIST を指定してください\n使い方: archive put --help"),
        (["put", "x"], "--request-id を指定してください"),
        (["put", "x", "--request-id"], "--request-id の値を指定してください"),
        (["put", "x", "--nope"], "--nope という指定はありません"),
        (["restore", "x", "--days", "y"], "--days の値が正しくありません"),
        (["putt"], "putt というコマンドはありません"),
        (["--nope"], "--nope という指定はありません"),
    ],
)
def test_wrong_arguments_are_told_in_japanese(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    code, _, err = _run(monkeypatch, capsys, *arguments)

    assert code == Exit.USAGE
    assert told in err


def test_no_arguments_show_the_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = _run(monkeypatch, capsys)

    assert code == Exit.USAGE
    assert "restore" in out + err
    assert "指定が正しくありません" not in err


def test_init_makes_the_table_and_lets_the_reader_read_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], database: Database
) -> None:
    for name, value in {**database.settings(), "DB_USERNAME": "postgres"}.items():
        monkeypatch.setenv(name, value)
    role = f'reader "{database.name}"'
    quoted = role.replace('"', '""')
    database.query(f'CREATE ROLE "{quoted}"')

    first, *_ = _run(monkeypatch, capsys, "init", "--reader", role)
    second, *_ = _run(monkeypatch, capsys, "init", "--reader", role)

    assert (first, second) == (Exit.DONE, Exit.DONE)
    assert database.query(
        "SELECT privilege_type FROM information_schema.role_table_grants WHERE grantee = %s", role
    ) == [("SELECT",)]
