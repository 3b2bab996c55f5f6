"""A collect that is killed: run again, every file is there once and whole, and nothing else."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from itertools import product
from pathlib import Path

import pytest

from scripts.archive.exits import Exit
from tests.unit.archive import killing
from tests.unit.archive.collect.test_command import contents, restored, there
from tests.unit.archive.processes import Moment
from tests.unit.archive.vault import Vault

__all__ = ["there"]

SIDE_EFFECTS = (
    "tempfile.mkdtemp",
    "os.fsync",
    "os.link",
    "scripts.archive.collect.bring.place",
    "scripts.archive.run_files.RunFiles.create",
    "shutil.rmtree",
)
FILES = {f"d{n % 5}/{n % 20:02}.txt": f"{n}\n".encode() * (n + 1) for n in range(40)}
SAME = {f"d{n}/same.txt": b"the same" for n in range(4)}


@pytest.fixture
def listed(vault: Vault) -> Path:
    """A list of restored files, some of the same name, some of the same content too."""
    vault.archive({**FILES, **SAME})
    return restored(vault, "")


def is_whole(folder: Path) -> bool:
    """Whether each content is there as often as it was archived, and nothing else."""
    return Counter(contents(folder).values()) == Counter([*FILES.values(), *SAME.values()])


def test_after_each_kind_of_side_effect(vault: Vault, listed: Path) -> None:
    for function, calls in product(SIDE_EFFECTS, (1, 17)):
        folder = vault.folder / f"{function} {calls}"
        folder.mkdir()

        killed = killing.run(
            vault, "collect", listed, "--to", folder, kill=Moment(function, calls, after=True)
        )
        again = killing.run(vault, "collect", listed, "--to", folder)

        assert killed == -signal.SIGKILL or (calls > 1 and killed == Exit.DONE), function
        assert again == Exit.DONE, function
        assert is_whole(folder), function


def test_at_random_moments(vault: Vault, there: Path, listed: Path) -> None:
    random.seed(20231006)
    killed = 0
    for _ in range(20):
        process = killing.start(vault, "collect", listed)
        process.join(random.uniform(0, 1.5))
        process.kill()
        process.join()
        killed += process.exitcode == -signal.SIGKILL

    assert killing.run(vault, "collect", listed) == Exit.DONE
    assert is_whole(there)
    assert killed


def test_two_at_once_place_each_file_once(vault: Vault, there: Path, listed: Path) -> None:
    running = [killing.start(vault, "collect", listed) for _ in range(2)]
    for process in running:
        process.join(120)

    assert [process.exitcode for process in running] == [Exit.DONE, Exit.DONE]
    assert is_whole(there)


def test_one_that_is_killed_while_another_goes_on(vault: Vault, there: Path, listed: Path) -> None:
    first = killing.start(vault, "collect", listed)
    second = killing.start(vault, "collect", listed)
    time.sleep(0.8)
    first.kill()
    second.join(120)

    assert second.exitcode == Exit.DONE
    assert killing.run(vault, "collect", listed) == Exit.DONE
    assert is_whole(there)
