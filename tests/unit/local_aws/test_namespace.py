"""A process sees a folder at another path, and nobody else does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.local_aws.functions import namespace
from scripts.local_aws.functions.namespace import Mount, NamespaceError

AT = Path("/mnt/seen")


@pytest.fixture
def forgetful() -> Iterator[None]:
    """What the machine can do is found out anew, before and after."""
    namespace._namespace.cache_clear()
    yield
    namespace._namespace.cache_clear()


def test_a_process_sees_the_folder_and_nothing_else_there(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    listing = "import os; print(os.listdir('/mnt'), os.listdir('/mnt/seen'))"

    command = Mount(tmp_path, AT, read_only=False).around([sys.executable, "-c", listing], [])

    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said == "['seen'] ['file']\n"
    assert not AT.exists()


def test_a_process_changes_the_folder_unless_it_may_only_read(tmp_path: Path) -> None:
    def touch(name: str, *, read_only: bool) -> int:
        command = Mount(tmp_path, AT, read_only).around(["touch", AT / name], [])
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert touch("written", read_only=False) == 0
    assert touch("refused", read_only=True) != 0
    assert [each.name for each in tmp_path.iterdir()] == ["written"]


def test_arguments_and_the_exit_code_pass_through(tmp_path: Path) -> None:
    code = "import sys; sys.exit(len(sys.argv[1]))"
    command = Mount(tmp_path, AT, read_only=False).around([sys.executable, "-c", code, "a b"], [])

    assert subprocess.run(command, check=False).returncode == 3


def test_what_the_process_needs_in_mnt_is_not_covered(tmp_path: Path) -> None:
    needed = Path("/mnt/project/.venv/bin/python")

    with pytest.raises(NamespaceError, match="make the folder /mnt/seen"):
        Mount(tmp_path, AT, read_only=False).around(["true"], [needed])


@pytest.mark.usefixtures("forgetful")
@pytest.mark.parametrize("tool", ["false", "no-such-command"])
def test_a_machine_without_namespaces_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tool: str
) -> None:
    monkeypatch.setattr(namespace, "_NAMESPACES", ((tool,),))

    with pytest.raises(NamespaceError, match="needs a mount namespace"):
        Mount(tmp_path, AT, read_only=False).around(["true"], [])
