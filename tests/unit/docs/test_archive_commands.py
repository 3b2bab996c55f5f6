"""The commands that archive's manuals let people type exist, with the options they are given."""

import re
import shlex
from importlib import import_module
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from scripts.archive.__main__ import COMMANDS

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("archive*.md"))]


def typed(page: str) -> list[list[str]]:
    """What follows `archive` on a line of a code block or in inline code."""
    code = [
        *re.findall(r"^archive (.+)$", page, re.MULTILINE),
        *re.findall(r"`archive (.+?)`", page),
    ]
    return [shlex.split(line, comments=True) for line in code]


def options(name: str) -> set[str]:
    only = typer.Typer()
    only.command()(import_module(f"scripts.archive.{name}.command").command)
    return {option for parameter in get_command(only).params for option in parameter.opts}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_archive_commands_can_be_typed(page: Path) -> None:
    for name, *arguments in typed(page.read_text()):
        assert name in COMMANDS
        given = {argument for argument in arguments if argument.startswith("--")}
        assert given <= options(name), name


def test_every_command_is_explained() -> None:
    explained = {name for name, *_ in typed((ROOT / "docs" / "archive.md").read_text())}
    assert explained == set(COMMANDS) - {"page"}, "the host starts the page by itself"


def test_commands_are_found_in_blocks_and_in_text() -> None:
    page = "x `archive find a --to b` y\n```sh\narchive put 'a b' # why\n```\n"
    assert typed(page) == [["put", "a b"], ["find", "a", "--to", "b"]]
