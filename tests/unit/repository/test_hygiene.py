"""What must not be in the repository: traces of one machine, registries, generated files."""

import re
import stat

import pytest

from tests.unit.repository.repository import ROOT, matching, tracked

LOCKS = ("requirements/*.txt", "layers/*/requirements.txt")
MACHINE_PATH = re.compile(r"""(?<![\w.~$}/-])/(?:home|Users|root|work)/[\w.-]+""")
SECRET = re.compile(
    r"AKIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{35}|-----BEGIN [A-Z ]*PRIVATE KEY-----|gh[pousr]_\w{36}"
)


def test_locks_exist() -> None:
    assert {"requirements/dev.txt", "layers/sync_batch/requirements.txt"} <= set(matching(*LOCKS))


@pytest.mark.parametrize("name", matching(*LOCKS))
def test_locks_pin_every_package_with_hashes(name: str) -> None:
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", tracked()[name]).strip())
    for entry in entries:
        assert re.match(r"[\w.\[\]-]+==[\w.!+]+( ;.*?)? \\\n\s+--hash=sha256:[0-9a-f]{64}", entry)


@pytest.mark.parametrize("name", matching(*LOCKS))
def test_locks_name_no_registry(name: str) -> None:
    assert not re.search(r"://|--(extra-)?index-url|--find-links|-i ", tracked()[name])


def test_no_file_names_a_place_of_one_machine() -> None:
    found = {
        name: match.group()
        for name, text in tracked().items()
        if (match := MACHINE_PATH.search(text)) and not name.startswith("tests/unit/repository/")
    }
    assert found == {}


def test_no_file_holds_a_secret() -> None:
    found = [name for name, text in tracked().items() if SECRET.search(text)]
    assert found == []


def test_nothing_generated_is_tracked() -> None:
    generated = re.compile(r"^(\.venv|\.tools|\.local|build)/|(^|/)(__pycache__|\.terraform)/")
    assert [name for name in tracked() if generated.search(name)] == []
    assert matching("*.tfstate", "*.tfplan", "*.pyc", ".env.*").keys() <= {".env.example"}


@pytest.mark.parametrize("name", ["scripts/setup/run", ".ci/run"])
def test_programs_are_executable(name: str) -> None:
    assert (ROOT / name).stat().st_mode & stat.S_IXUSR
    assert tracked()[name].startswith("#!")
