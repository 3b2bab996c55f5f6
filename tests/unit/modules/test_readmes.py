"""Each module's and stack's README lists the variables and outputs that are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TERRAFORM = ROOT / "terraform"
FOLDERS = sorted([*TERRAFORM.glob("modules/*/"), *TERRAFORM.glob("stacks/*/")])


def declared(folder: Path, kind: str) -> set[str]:
    """Names of the blocks of a kind, such as `variable`, in a folder's .tf files."""
    text = "\n".join(path.read_text() for path in folder.glob("*.tf"))
    return set(re.findall(rf'^{kind} "(\w+)"', text, re.MULTILINE))


def listed(folder: Path, *headings: str) -> set[str]:
    """Names in the first column of the table below one of the headings."""
    readme = (folder / "README.md").read_text()
    section = next(part for part in readme.split("\n## ") if part.startswith(headings))
    first_cells = re.findall(r"^\| (`[^|]*`) \|", section, re.MULTILINE)
    return set(re.findall(r"`(\w+)`", " ".join(first_cells)))


@pytest.fixture(params=FOLDERS, ids=lambda path: path.name)
def folder(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_the_readme_lists_every_variable(folder: Path) -> None:
    assert listed(folder, "Inputs", "Settings") == declared(folder, "variable")


def test_the_readme_lists_every_output(folder: Path) -> None:
    assert listed(folder, "Outputs") == declared(folder, "output")
